using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary><c>demo</c>: the whole way on the sample that comes with the tool.</summary>
internal sealed class DemoCommand(
    SampleFiles sample,
    AuditRunner runner,
    AdapterSelection adapters,
    ReportStores stores,
    IEnumerable<IReportExporter> exporters,
    ToolOutput output
)
    : ToolCommand(
        "demo",
        $"Unpack the sample into ./{Folder}, audit its generated pictures, and show what they are owed to."
    )
{
    private const string Folder = "das-audit-demo";

    private readonly IReportExporter _html = exporters.Single(exporter => exporter.Format == "html");

    public override string Notes =>
        "The sample: 330 emoji faces by three rights holders, a small diffusion model trained on them with this "
        + $"program, and pictures it made. Reports go into ./{Folder}/.das-audit/audits.db whatever --store says. "
        + "A second demo shows the stored reports again.";

    protected override IReadOnlyList<ISetting> Settings => [adapters.Adapter];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = invocation.Resolve(Folder);
        var unpacked = sample.Unpack(folder, cancellation);
        if (unpacked > 0)
            output.Say($"Unpacked the sample into ./{Folder} ({Numbers.Count(unpacked, "file")}).");

        var images = GeneratedPictures(folder);
        var storePath = Path.Combine(folder, ".das-audit", "audits.db");
        var reports = StoredBefore(storePath, images, invocation.Seed);
        var task = new AuditTask(
            [.. images.Where(image => !reports.ContainsKey(image))],
            Path.Combine(Folder, "model"),
            Path.Combine(Folder, "dataset"),
            Path.Combine(Folder, "encoder"),
            storePath,
            Settings: null
        );
        if (task.Images.Count > 0)
        {
            var outcome = await runner.RunAsync(task, invocation, cancellation).ConfigureAwait(false);
            if (outcome.Refused.Count > 0)
                throw new AuditException(outcome.Refused[0].Reason);
            foreach (var report in outcome.Reports)
                reports[report.Report.Query.Path] = report;
        }

        foreach (var image in images)
            WritePage(reports[image], Path.Combine(folder, "reports"));
        Print(invocation, [.. images.Select(image => reports[image].Report)]);
        return ExitCode.Done;
    }

    private static List<string> GeneratedPictures(string folder) =>
        [
            .. Directory
                .GetFiles(Path.Combine(folder, "generated"), "*.png")
                .Select(path => Path.Combine(Folder, "generated", Path.GetFileName(path)))
                .OrderNaturally(path => path),
        ];

    /// <summary>The reports of a demo of this version on the same pictures with the same seed, by picture.</summary>
    private Dictionary<string, StoredReport> StoredBefore(string storePath, List<string> images, long seed)
    {
        if (!File.Exists(storePath))
            return [];
        using var store = stores.OpenToRead(storePath);
        return store
            .Query(ReportFilter.All)
            .Where(report => report.Tool == ToolVersion.Current && report.Method.Seed == seed)
            .Where(report => images.Contains(report.Query.Path))
            .GroupBy(report => report.Query.Path)
            .ToDictionary(newestFirst => newestFirst.Key, newestFirst => store.Get(newestFirst.First().Id));
    }

    private void WritePage(StoredReport report, string folder)
    {
        var name = Path.GetFileNameWithoutExtension(report.Report.Query.Path) + ".html";
        AtomicFile.Write(Path.Combine(folder, name), (TextWriter writer) => _html.Export(report, writer));
    }

    private void Print(Invocation invocation, IReadOnlyList<AuditReport> reports)
    {
        if (invocation.Json)
        {
            ReportTable.PrintJson(output, reports);
            return;
        }
        output.Write(DemoTable.Of(reports));
        output.Say($"Pages with the pictures side by side: ./{Folder}/reports/*.html");
        output.Say($"One report here: das-audit reports show {reports[0].Id} --store {Folder}/.das-audit/audits.db");
    }
}
