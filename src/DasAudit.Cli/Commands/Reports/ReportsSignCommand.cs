using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsSignCommand(ISecretPrompt prompt, ToolOutput output)
    : ToolCommand(
        "sign",
        "Sign a bundle that somebody else made, beside the signatures that it has. Exits with 3 if it is not what was "
            + "bundled."
    )
{
    private readonly Argument<string> _bundle = new("BUNDLE") { Description = "A bundle of 'reports bundle'." };
    private readonly BundleSigning _signing = new(prompt);
    private readonly Setting<string?> _file = Setting.Text(
        "--output",
        "FILE",
        "The file to make, which must not be there yet; required"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("reports sign 01J9.dasaudit.zip --sign counsel --output signed.dasaudit.zip", "One more signature.")];

    public override string Notes =>
        "Read the bundle and verify it with the other signers' keys before you sign: 'reports verify'. "
        + BundleSigning.Explanation;

    protected override IReadOnlyList<Argument> Positionals => [_bundle];

    protected override IReadOnlyList<ISetting> Settings => [_signing.Sign, _file, _signing.Authority, .. _signing.Keys];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Get(_bundle);
        if (invocation.Get(_signing.Sign).Count == 0)
            throw new UsageException("Who is to sign? Give --sign KEY.");
        var file =
            invocation.Get(_file) ?? throw new UsageException("Where is the bundle to be put? Give --output FILE.");
        if (Path.Exists(invocation.Resolve(file)))
            throw new AuditException($"'{file}' is there already, and no bundle is written over; name another file.");
        var bundle = new BundleVerifier([]).Verify(BundleVerifier.ReadFile(invocation.Resolve(name), name));
        if (bundle.Checks.FirstOrDefault(check => check.Passed == false) is { } failed)
        {
            output.Fail($"'{name}' is not what was bundled, so it is not signed ({failed.What}).");
            return ExitCode.Mismatch;
        }

        if (bundle.HasTimestamp && invocation.Get(_signing.Authority) is null)
            throw new AuditException(
                $"'{name}' holds a time stamp for the signatures that it has, which a further one would end; have all "
                    + "stamped anew with --tsa URL."
            );
        using var keys = _signing.Read(invocation);
        var envelope = Sign(bundle, keys.All);
        var timestamp = await _signing.StampAsync(invocation, envelope, cancellation).ConfigureAwait(false);
        AtomicFile.Write(invocation.Resolve(file), BundleWriter.Write(bundle.Contents!, envelope, timestamp));
        Print(invocation, bundle.Contents!, envelope, file);
        return ExitCode.Done;
    }

    private static DsseEnvelope Sign(BundleVerification bundle, IReadOnlyList<SigningKey> keys) =>
        bundle.Envelope?.SignedAlsoBy(keys) ?? BundleWriter.Sign(bundle.Contents!, keys)!;

    private void Print(Invocation invocation, BundleContents contents, DsseEnvelope envelope, string file)
    {
        var signatures = envelope.Signatures.Select(signature => signature.Keyid).ToList();
        if (invocation.Json)
        {
            output.WriteJson(
                new
                {
                    schema = "das-audit/bundle-signed/1",
                    id = contents.Report.Id,
                    file,
                    manifest = BundleStatement.Of(contents).Predicate.Manifest,
                    keys = signatures,
                }
            );
            return;
        }

        output.Say($"Wrote {file}.");
        foreach (var signature in signatures)
            output.SayUnbroken($"Signed by the key {signature}.");
    }
}
