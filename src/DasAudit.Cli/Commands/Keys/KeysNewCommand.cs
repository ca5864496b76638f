using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Cli.Commands.Keys;

internal sealed class KeysNewCommand(ISecretPrompt prompt, ToolOutput output)
    : ToolCommand("new", "Make a key to sign bundles with: ECDSA P-256, the private half encrypted with a passphrase.")
{
    private readonly Argument<string> _name = new("NAME") { Description = "What the key is called." };
    private readonly KeySettings _keys = new();
    private readonly PassphraseSettings _passphrase = new(prompt);

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("keys new lab", "Makes lab.pem, which only you can read, and lab.pub.pem, which you hand out.")];

    public override string Notes =>
        PassphraseSettings.Explanation + " Keys are never written over; a lost passphrase cannot be had again.";

    protected override IReadOnlyList<Argument> Positionals => [_name];

    protected override IReadOnlyList<ISetting> Settings => [_keys.Folder, _passphrase.File];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Get(_name);
        var folder = _keys.Read(invocation);
        folder.CheckNew(name);
        var passphrase = _passphrase.Read(invocation, name, isNew: true);
        using var key = SigningKey.Create();
        folder.Write(name, key, passphrase);
        var (privateFile, publicFile) = (folder.PrivatePath(name), folder.PublicPath(name));
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/key/1",
                    name,
                    keyId = key.Id,
                    privateFile,
                    publicFile,
                }
            );
        else
        {
            output.Say($"Made the key {key.Id}.");
            output.SayUnbroken($"Keep {privateFile} and its passphrase; hand out {publicFile}.");
        }

        return Task.FromResult(ExitCode.Done);
    }
}
