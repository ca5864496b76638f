using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsProveCommand(ReportStores stores, ReportedDataset datasets, ToolOutput output)
    : ToolCommand(
        "prove",
        "Prove one thing of a report without showing the rest: that it lists a picture, or that its dataset does not "
            + "hold one. Exits with 3 if that is not so."
    )
{
    private readonly Argument<string> _report = new("ID|BUNDLE")
    {
        Description = "A stored report's id, or a bundle, whose signed statement then goes into the proof.",
    };
    private readonly Setting<string?> _item = Setting.Text(
        "--item",
        "PATH",
        "Prove the rank and score of this picture, named as in the report"
    );
    private readonly Setting<string?> _absent = Setting.Text(
        "--absent",
        "PICTURE|SHA256",
        "Prove that the dataset does not hold this picture; takes --dataset"
    );
    private readonly Setting<string> _dataset = Setting.Optional("--dataset", "DIR", "The report's dataset");
    private readonly Setting<string> _of = Setting.Choice(
        "--of",
        "Which hash of --absent is meant: that of the file's bytes, or that of the pixels, which a file of another "
            + "format or with other metadata shares",
        (ExclusionProof.Files, ExclusionProof.Files),
        (ExclusionProof.Pixels, ExclusionProof.Pixels)
    );
    private readonly Setting<string> _file = Setting.Text(
        "--output",
        "FILE",
        "Where to write the proof, - for standard output",
        "-"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "reports prove 01J9.dasaudit.zip --item cats/7.png --output proof.json",
                "For the holder of cats/7.png: 'reports verify proof.json --key lab.pub.pem' needs nothing else."
            ),
            ("reports prove 01J9.dasaudit.zip --absent mine.png --dataset photos/", "That photos/ lacks mine.png."),
        ];

    public override string Notes =>
        "A proof of an item holds its attribution and hashes. Others cannot be guessed from them: each leaf of the "
        + "tree has a salt that comes of the whole report. A proof of absence shows the two hashes next to the "
        + "absent one. The statement in a proof names the query, the model and the dataset.";

    protected override IReadOnlyList<Argument> Positionals => [_report];

    protected override IReadOnlyList<ISetting> Settings => [_item, _absent, _dataset, _of, _file];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var (item, absent) = (invocation.Get(_item), invocation.Get(_absent));
        if (item is null == absent is null)
            throw new UsageException("Give one of --item and --absent.");
        if (absent is not null && invocation.Get(_dataset).Length == 0)
            throw new UsageException("--absent takes --dataset, the report's dataset.");
        if (Open(invocation) is not var (report, json, envelope))
            return Fail($"'{invocation.Get(_report)}' was altered; 'reports verify' says what.");
        if (item is not null)
            return Write(invocation, InclusionProof.Of(json, item, envelope));
        var folder = invocation.Get(_dataset);
        var set = await datasets.ReadAsync(invocation, report, folder, cancellation).ConfigureAwait(false);
        if (set is null)
            return Fail(ReportedDataset.Different(report, folder));
        var sha256 = Hash(invocation, report, absent!);
        return ExclusionProof.Make(report, set, invocation.Get(_of), sha256) is { } proof
            ? Write(invocation, proof with { Envelope = envelope })
            : Fail($"'{folder}' holds a picture with the SHA-256 {sha256} of its {invocation.Get(_of)}.");
    }

    private (AuditReport Report, byte[] Json, DsseEnvelope? Envelope)? Open(Invocation invocation)
    {
        var name = invocation.Get(_report);
        if (!ReportArguments.IsFile(name))
        {
            using var store = stores.OpenToRead(invocation.Store);
            var report = store.Get(name).Report;
            return (report, System.Text.Encoding.UTF8.GetBytes(ReportJson.Serialize(report)), null);
        }

        var bundle = new BundleVerifier([]).Verify(BundleVerifier.ReadFile(invocation.Resolve(name), name));
        return bundle.IsConsistent ? (bundle.Contents!.Report, bundle.Contents.ReportJson, bundle.Envelope) : null;
    }

    private string Hash(Invocation invocation, AuditReport report, string absent)
    {
        var isHash = absent.Length == 64 && absent.All(char.IsAsciiHexDigit);
        if (isHash && !File.Exists(invocation.Resolve(absent)))
            return absent.ToLowerInvariant();
        var background = ReportedDataset.Background(report);
        var pixels = invocation.Get(_of) == ExclusionProof.Pixels;
        return PictureHashes.Of(invocation.Resolve(absent), absent, background, pixels);
    }

    private int Fail(string sentence)
    {
        output.Fail(sentence);
        return ExitCode.Mismatch;
    }

    private int Write<TProof>(Invocation invocation, TProof proof)
    {
        var file = invocation.Get(_file);
        if (file == "-")
        {
            output.WriteJson(proof);
            return ExitCode.Done;
        }

        AtomicFile.Write(
            invocation.Resolve(file),
            (TextWriter writer) => writer.Write(System.Text.Json.JsonSerializer.Serialize(proof, JsonDocuments.Options))
        );
        if (invocation.Json)
            output.WriteJson(new { schema = "das-audit/proof-written/1", file });
        else
            output.Say($"Wrote {file}.");
        return ExitCode.Done;
    }
}
