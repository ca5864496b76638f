using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Keys;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Signatures.Timestamps;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsBundleCommand(
    ReportStores stores,
    ReportedDataset datasets,
    ISecretPrompt prompt,
    ToolOutput output
)
    : ToolCommand(
        "bundle",
        "Put a report into one file with all that is needed to read and verify it: page, tables, record, licence "
            + "texts, small pictures and, with --sign, a signed statement."
    )
{
    private const int LongestModelSignature = 64 << 20;

    private readonly Argument<string> _id = ReportArguments.Id();
    private readonly KeySettings _keys = new();
    private readonly PassphraseSettings _passphrase = new(prompt);
    private readonly Setting<string?> _file = Setting.Text(
        "--output",
        "FILE",
        $"The file to make, which must not be there yet; default ID{BundleNames.Ending}"
    );
    private readonly Setting<IReadOnlyList<string>> _sign = Setting.Texts(
        "--sign",
        "KEY",
        "Sign with this key: its name, or the file of a private key"
    );
    private readonly Setting<string> _dataset = Setting.Optional(
        "--dataset",
        "DIR",
        "Read the report's dataset again and state the roots by which it can be proven not to hold a picture"
    );
    private readonly Setting<Uri?> _authority = Setting.Parsed<Uri?>(
        "--tsa",
        "URL",
        "A time-stamping authority (RFC 3161) that is asked to state when the signatures were there; it gets a hash.",
        ReadAddress,
        null
    );
    private readonly Setting<string?> _modelSignature = Setting.Text(
        "--model-signature",
        "FILE",
        "The model's own signature (model.sig of OpenSSF model signing), to be bundled and stated"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("reports bundle 01J9 --sign lab", "A bundle that the key 'lab' signs."),
            (
                "reports bundle 01J9 --sign lab --sign counsel --dataset photos/",
                "Two signatures, and proofs of absence."
            ),
        ];

    public override string Notes =>
        PassphraseSettings.Explanation + " Several keys share the one that is given so, or are asked for one by one.";

    protected override IReadOnlyList<Argument> Positionals => [_id];

    protected override IReadOnlyList<ISetting> Settings =>
        [_file, _sign, _authority, _dataset, _modelSignature, _keys.Folder, _passphrase.File];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        var report = store.Get(invocation.Get(_id));
        var file = invocation.Get(_file) ?? report.Report.Id + BundleNames.Ending;
        if (Path.Exists(invocation.Resolve(file)))
            throw new AuditException($"'{file}' is there already, and no bundle is written over; name another file.");
        if (invocation.Get(_authority) is not null && invocation.Get(_sign).Count == 0)
            throw new UsageException("--tsa stamps signatures; give --sign too.");
        var modelSignature = ReadModelSignature(invocation);
        if (modelSignature is not null && Contradiction(invocation, modelSignature, report.Report) is { } contradiction)
            return Refuse(contradiction);
        var keys = ReadKeys(invocation);
        try
        {
            var folder = invocation.Get(_dataset);
            DatasetRoots? roots = null;
            if (folder.Length > 0)
            {
                var set = await datasets
                    .ReadAsync(invocation, report.Report, folder, cancellation)
                    .ConfigureAwait(false);
                if (set is null)
                    return Refuse(ReportedDataset.Different(report.Report, folder));
                roots = DatasetRoots.Of(set);
            }

            var record = stores.BundledRecord(invocation.Store, store, report.Report.Id);
            var contents = BundleBuilder.Build(report, record, roots, modelSignature);
            var envelope = BundleWriter.Sign(contents, keys);
            var timestamp = await TimestampAsync(invocation, envelope, cancellation).ConfigureAwait(false);
            AtomicFile.Write(invocation.Resolve(file), BundleWriter.Write(contents, envelope, timestamp));
            Print(invocation, contents, envelope, file);
            return ExitCode.Done;
        }
        finally
        {
            foreach (var key in keys)
                key.Dispose();
        }
    }

    private int Refuse(string sentence)
    {
        output.Fail(sentence);
        return ExitCode.Mismatch;
    }

    private async Task<byte[]?> TimestampAsync(
        Invocation invocation,
        DsseEnvelope? envelope,
        CancellationToken cancellation
    )
    {
        if (invocation.Get(_authority) is not { } authority || envelope is null)
            return null;
        using var http = new HttpClient
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = TimestampClient.LongestAnswer,
        };
        return await new TimestampClient(http)
            .StampAsync(authority, envelope.ToJson(), cancellation)
            .ConfigureAwait(false);
    }

    private static Uri ReadAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            ? address
            : throw new FormatException($"takes an address that begins with http:// or https://, not '{text}'.");

    private List<SigningKey> ReadKeys(Invocation invocation)
    {
        var folder = _keys.Read(invocation);
        return
        [
            .. invocation
                .Get(_sign)
                .Select(name =>
                    folder.ReadPrivate(name, invocation.Resolve, () => _passphrase.Read(invocation, name, isNew: false))
                ),
        ];
    }

    private byte[]? ReadModelSignature(Invocation invocation)
    {
        if (invocation.Get(_modelSignature) is not { } file)
            return null;
        var path = invocation.Resolve(file);
        if (new FileInfo(path) is { Exists: true, Length: > LongestModelSignature })
            throw new AuditException($"'{file}' is too large for a model's signature; name another file.");
        return File.ReadAllBytes(path);
    }

    // Null where it is about the audited model, or where that cannot be told.
    private string? Contradiction(Invocation invocation, byte[] signature, AuditReport report)
    {
        var file = invocation.Get(_modelSignature);
        try
        {
            var (isAboutModel, what) = ModelSignature.Parse(signature).Compare(report.Model);
            if (isAboutModel is null)
                output.Say($"Whether '{file}' is about the audited model was not checked: {what}.");
            return isAboutModel == false
                ? $"'{file}' is not about the audited model: {what}; name the signature of this model."
                : null;
        }
        catch (FormatException e)
        {
            throw new AuditException($"'{file}' cannot be bundled: {e.Message}; name another file.", e);
        }
    }

    private void Print(Invocation invocation, BundleContents contents, DsseEnvelope? envelope, string file)
    {
        if (invocation.Json)
        {
            output.WriteJson(
                new
                {
                    schema = "das-audit/bundle-written/1",
                    id = contents.Report.Id,
                    file,
                    manifest = BundleStatement.Of(contents).Predicate.Manifest,
                    attributions = new AttributionTree(contents.ReportJson).Root,
                    dataset = contents.Dataset,
                    keys = envelope?.Signatures.Select(signature => signature.Keyid) ?? [],
                    licensesWithoutText = contents.LicensesWithoutText,
                }
            );
            return;
        }

        output.Say($"Wrote {file}.");
        foreach (var signature in envelope?.Signatures ?? [])
            output.SayUnbroken($"Signed by the key {signature.Keyid}.");
        if (envelope is null)
            output.Say("Nobody signed it, so anybody can change it unnoticed; --sign KEY prevents that.");
        if (contents.LicensesWithoutText.Count > 0)
            output.Say($"It lacks the texts of: {string.Join(", ", contents.LicensesWithoutText)}.");
    }
}
