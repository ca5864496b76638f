using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Keys;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Signatures.Timestamps;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>Verifies a bundle, or a proof, that is a file; no store is needed.</summary>
internal sealed class FileVerification(ToolOutput output)
{
    private const string ProofEnding = ".json";

    private readonly KeySettings _keys = new();
    private readonly Setting<IReadOnlyList<string>> _key = Setting.Texts(
        "--key",
        "PUBLIC",
        "A public key that must have signed FILE: a file, or the name of a key"
    );
    private readonly Setting<string?> _authority = Setting.Text(
        "--tsa-certificate",
        "FILE",
        "Root certificates (PEM) of a time-stamping authority, which must have stamped a bundle's signatures"
    );
    private readonly Setting<string?> _root = Setting.Text(
        "--root",
        "SHA256",
        "The root that a proof must lead to, as known from elsewhere"
    );
    private readonly Setting<string?> _bundle = Setting.Text(
        "--bundle",
        "BUNDLE",
        "The bundle of the report that a proof is about"
    );

    /// <summary>What is given for files alone.</summary>
    public IReadOnlyList<ISetting> Settings => [_key, _authority, _root, _bundle, _keys.Folder];

    public int Run(Invocation invocation, string name)
    {
        var keys = ReadKeys(invocation);
        try
        {
            var file = BundleVerifier.ReadFile(invocation.Resolve(name), name);
            return name.EndsWith(ProofEnding, StringComparison.OrdinalIgnoreCase)
                ? Proof(invocation, name, file, keys)
                : Bundle(invocation, name, file, keys);
        }
        finally
        {
            foreach (var key in keys)
                key.Dispose();
        }
    }

    private int Bundle(Invocation invocation, string name, byte[] file, List<VerificationKey> keys)
    {
        if (invocation.Get(_root) is not null || invocation.Get(_bundle) is not null)
            throw new UsageException("--root and --bundle are for proofs, whose names end with .json.");
        var bundle = new BundleVerifier(keys, Authorities(invocation)).Verify(file);
        if (invocation.Json)
            output.WriteJson(BundleView.Document(name, bundle));
        else
            output.Write(BundleView.Of(name, bundle));
        return bundle.IsUnaltered == false ? ExitCode.Mismatch : ExitCode.Done;
    }

    private int Proof(Invocation invocation, string name, byte[] file, List<VerificationKey> keys)
    {
        if (invocation.Get(_authority) is not null && invocation.Get(_bundle) is null)
            throw new UsageException("--tsa-certificate is for the time stamps of a bundle; give --bundle too.");
        var bundle = invocation.Get(_bundle) is { } path
            ? new BundleVerifier(keys, Authorities(invocation)).Verify(
                BundleVerifier.ReadFile(invocation.Resolve(path), path)
            )
            : null;
        var anchors = new ProofAnchors(invocation.Get(_root)?.ToLowerInvariant(), keys, bundle);
        try
        {
            var proof = new ProofVerifier(anchors).Verify(file);
            if (invocation.Json)
                output.WriteJson(ProofView.Document(name, proof));
            else
                output.Write(ProofView.Of(name, proof));
            return proof.Holds == false ? ExitCode.Mismatch : ExitCode.Done;
        }
        catch (JsonException)
        {
            output.Fail($"'{name}' is no proof of 'reports prove', or was altered.");
            return ExitCode.Mismatch;
        }
    }

    private TimestampAuthorities? Authorities(Invocation invocation) =>
        invocation.Get(_authority) is { } file
            ? TimestampAuthorities.Parse(File.ReadAllText(invocation.Resolve(file)), file)
            : null;

    private List<VerificationKey> ReadKeys(Invocation invocation)
    {
        var names = invocation.Get(_key);
        if (names.Count == 0)
            return [];
        var folder = _keys.Read(invocation);
        return [.. names.Select(name => folder.ReadPublic(name, invocation.Resolve))];
    }
}
