using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Core.Files;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Reading;

namespace DasAudit.Cli.Commands.Policies;

internal sealed class PolicyNewCommand(ToolOutput output)
    : ToolCommand(
        "new",
        "Write a policy to begin with, with comments, and beside it the schema by which editors complete it; no policy "
            + "is written over."
    )
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = $"The file to make; default {Policy.DefaultName}.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => Policy.DefaultName,
    };

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("policy new", $"{Policy.DefaultName} in this folder.")];

    protected override IReadOnlyList<Argument> Positionals => [_file];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var file = invocation.Get(_file);
        var path = invocation.Resolve(file);
        if (Path.Exists(path))
            throw new AuditException($"'{file}' is there already, and nothing is written over; name another file.");
        var schema = Path.Combine(Path.GetDirectoryName(path)!, NewPolicy.SchemaName);
        AtomicFile.Write(schema, (TextWriter writer) => writer.Write(NewPolicy.Schema()));
        AtomicFile.Write(path, (TextWriter writer) => writer.Write(NewPolicy.Text()));
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/policy-new/1",
                    file = path,
                    schemaFile = schema,
                }
            );
        output.Say(
            $"Wrote '{file}', and {NewPolicy.SchemaName} beside it. Change it to what your "
                + "project allows, then run 'policy check'."
        );
        return Task.FromResult(ExitCode.Done);
    }
}
