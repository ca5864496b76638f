using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Keys;

internal sealed class KeysShowCommand(ToolOutput output)
    : ToolCommand("show", "Show the keys that are there: names, ids and files of their public halves.")
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "Only this key, or the file of a public key.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
    };
    private readonly KeySettings _keys = new();

    public override string Notes =>
        "The id is the SHA-256 of the public key (SubjectPublicKeyInfo in DER). Tell it to those who verify: by "
        + "telephone or on paper, not with the bundle.";

    protected override IReadOnlyList<Argument> Positionals => [_name];

    protected override IReadOnlyList<ISetting> Settings => [_keys.Folder];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = _keys.Read(invocation);
        IReadOnlyList<string> names = invocation.Get(_name) is { } name ? [name] : folder.Names;
        var keys = names.Select(shown => Read(shown)).ToList();
        if (invocation.Json)
            output.WriteJson(new ListDocument<ShownKey>("das-audit/keys/1", keys));
        else if (keys.Count == 0)
            output.Say("There are no keys yet; make one with 'keys new NAME'.");
        else
            output.Write(View(keys));
        return Task.FromResult(ExitCode.Done);

        ShownKey Read(string shown)
        {
            using var key = folder.ReadPublic(shown, invocation.Resolve);
            var path = folder.PublicPath(shown);
            return new(shown, key.Id, File.Exists(path) ? path : invocation.Resolve(shown));
        }
    }

    private static Grid View(IEnumerable<ShownKey> keys)
    {
        var grid = Tables.Pairs();
        foreach (var key in keys)
        {
            grid.AddRow(Tables.Foreign(key.Name), new Text(key.KeyId));
            grid.AddRow(new Text(""), Tables.Foreign(key.PublicFile));
        }

        return grid;
    }

    private sealed record ShownKey(string Name, string KeyId, string PublicFile);
}
