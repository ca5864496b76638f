using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Audits;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary><c>demo</c>: the whole way on the sample that comes with the tool.</summary>
internal sealed class DemoCommand : ToolCommand
{
    private const string Folder = "das-audit-demo";

    private readonly SampleFiles _sample;
    private readonly AuditRunner _runner;
    private readonly IReportStores _stores;
    private readonly IReportExporter _html;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public DemoCommand(
        SampleFiles sample,
        AuditRunner runner,
        AdapterSelection adapters,
        IReportStores stores,
        IEnumerable<IReportExporter> exporters,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base(
            "demo",
            $"Unpack the sample into ./{Folder}, audit its generated pictures, and show what they are owed to."
        )
    {
        (_sample, _runner, _stores, _common, _surroundings, _output) = (
            sample,
            runner,
            stores,
            common,
            surroundings,
            output
        );
        _html = exporters.Single(exporter => exporter.Format == "html");
        Options.Add(adapters.Adapter);
    }

    /// <inheritdoc/>
    public override string Notes =>
        $"The sample: 330 emoji faces by three rights holders, a small diffusion model trained on them with this program, and pictures it made. "
        + $"Reports go into ./{Folder}/.das-audit/audits.db whatever --store says. A second demo shows the stored reports again.";

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = _surroundings.Resolve(Folder);
        if (_sample.Unpack(folder, cancellation) is > 0 and var written)
            _output.Say($"Unpacked the sample into ./{Folder} ({Numbers.Count(written, "file")}).");
        var storePath = Path.Combine(folder, ".das-audit", "audits.db");
        var images = Directory
            .GetFiles(Path.Combine(folder, "generated"), "*.png")
            .Order(StringComparer.Ordinal)
            .Select(path => Path.Combine(Folder, "generated", Path.GetFileName(path)))
            .ToList();

        var known = Known(storePath, images, invocation.Get(_common.Seed));
        var missing = images.Where(image => !known.ContainsKey(image)).ToList();
        if (missing.Count > 0)
        {
            var inputs = new AuditInputs(
                missing,
                Path.Combine(Folder, "model"),
                Path.Combine(Folder, "dataset"),
                Path.Combine(Folder, "encoder")
            );
            var made = await _runner
                .RunAsync(inputs, storePath, invocation, request => Configure(request, invocation), cancellation)
                .ConfigureAwait(false);
            foreach (var report in made)
                known[report.Report.Query.Path] = report;
        }

        var reports = images.Select(image => known[image]).ToList();
        foreach (var report in reports)
            AtomicFile.Write(
                Path.Combine(folder, "reports", Path.GetFileNameWithoutExtension(report.Report.Query.Path) + ".html"),
                (TextWriter writer) => _html.Export(report, writer)
            );
        Show(invocation, [.. reports.Select(report => report.Report)]);
        return ExitCode.Done;
    }

    // Half the timesteps and noise draws of an audit: still an interval, in a quarter of the time.
    private AuditRequest Configure(AuditRequest request, Invocation invocation) =>
        request with
        {
            Candidates = new() { Limit = null },
            Gradients = new()
            {
                Timesteps = 5,
                Replicates = 2,
                Seed = invocation.Get(_common.Seed),
            },
        };

    /// <summary>The reports of an earlier demo of this version on the same pictures with the same seed, by picture.</summary>
    private Dictionary<string, StoredReport> Known(string storePath, List<string> images, long seed)
    {
        if (!File.Exists(storePath))
            return [];
        using var store = _stores.Open(storePath, forWriting: false);
        return store
            .Query(ReportFilter.All)
            .Where(report =>
                report.Tool == ToolVersion.Current && report.Method.Seed == seed && images.Contains(report.Query.Path)
            )
            .GroupBy(report => report.Query.Path)
            .ToDictionary(same => same.Key, same => store.Get(same.First().Id));
    }

    private void Show(Invocation invocation, IReadOnlyList<AuditReport> reports)
    {
        if (invocation.Get(_common.Json))
        {
            ReportTable.Print(_output, reports, json: true);
            return;
        }
        _output.Write(DemoTable.Of(reports));
        _output.Say($"Pages with the pictures side by side: ./{Folder}/reports/*.html");
        _output.Say($"One report here: das-audit reports show {reports[0].Id} --store {Folder}/.das-audit/audits.db");
    }
}
