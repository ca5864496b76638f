using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;

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
    private readonly BundleSigning _signing = new(prompt);
    private readonly Setting<string?> _file = Setting.Text(
        "--output",
        "FILE",
        $"The file to make, which must not be there yet; default ID{BundleNames.Ending}"
    );
    private readonly Setting<string> _dataset = Setting.Optional(
        "--dataset",
        "DIR",
        "Read the report's dataset again and state the roots by which it can be proven not to hold a picture"
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

    public override string Notes => BundleSigning.Explanation;

    protected override IReadOnlyList<Argument> Positionals => [_id];

    protected override IReadOnlyList<ISetting> Settings =>
        [_file, _signing.Sign, _signing.Authority, _dataset, _modelSignature, .. _signing.Keys];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        var report = store.Get(invocation.Get(_id));
        var file = invocation.Get(_file) ?? report.Report.Id + BundleNames.Ending;
        if (Path.Exists(invocation.Resolve(file)))
            throw new AuditException($"'{file}' is there already, and no bundle is written over; name another file.");
        var modelSignature = ReadModelSignature(invocation);
        if (modelSignature is not null && Contradiction(invocation, modelSignature, report.Report) is { } contradiction)
            return Refuse(contradiction);
        using var keys = _signing.Read(invocation);
        var folder = invocation.Get(_dataset);
        DatasetRoots? roots = null;
        if (folder.Length > 0)
        {
            var set = await datasets.ReadAsync(invocation, report.Report, folder, cancellation).ConfigureAwait(false);
            if (set is null)
                return Refuse(ReportedDataset.Different(report.Report, folder));
            roots = DatasetRoots.Of(set);
        }

        var record = stores.BundledRecord(invocation.Store, store, report.Report.Id);
        var contents = BundleBuilder.Build(report, record, roots, modelSignature);
        var envelope = BundleWriter.Sign(contents, keys.All);
        var timestamp = await _signing.StampAsync(invocation, envelope, cancellation).ConfigureAwait(false);
        AtomicFile.Write(invocation.Resolve(file), BundleWriter.Write(contents, envelope, timestamp));
        Print(invocation, contents, envelope, file);
        return ExitCode.Done;
    }

    private int Refuse(string sentence)
    {
        output.Fail(sentence);
        return ExitCode.Mismatch;
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
