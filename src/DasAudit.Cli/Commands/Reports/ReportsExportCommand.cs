using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsExportCommand(
    IEnumerable<IReportExporter> exporters,
    ReportStores stores,
    ToolOutput output
) : ToolCommand("export", "Write a report to a file for people or other programs.")
{
    private const string StandardOutput = "-";

    private readonly Argument<string> _id = ReportArguments.Id();
    private readonly Setting<IReportExporter?> _format = Setting.OptionalChoice<IReportExporter?>(
        "--format",
        "The file's format; by default what the ending of --output says, or json",
        [.. exporters.Select(exporter => (exporter.Format, exporter))]
    );
    private readonly Setting<string> _file = Setting.Text(
        "--output",
        "FILE",
        $"Where to write, {StandardOutput} for standard output",
        StandardOutput
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("reports export 01J9 --output report.html", "A page with the pictures side by side."),
            ("reports export 01J9 --output report.prov.jsonld", "W3C PROV-O, for programs that follow provenance."),
        ];

    public override string Notes =>
        "prov is W3C PROV-O (*.prov.jsonld), spdx SPDX 3.0.1 (*.spdx3.json), cyclonedx a CycloneDX 1.6 bill of "
        + "materials (*.cdx.json). Standard output holds the report and nothing else. With --json, only the format "
        + "json can go there; "
        + "where --output names a file, --json prints which file was written.";

    protected override IReadOnlyList<Argument> Positionals => [_id];

    protected override IReadOnlyList<ISetting> Settings => [_format, _file];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var file = invocation.Get(_file);
        var exporter = invocation.Get(_format) ?? ExporterOf(file);
        if (invocation.Json && file == StandardOutput && exporter.Format != "json")
            throw new UsageException(
                $"--json leaves no room for {exporter.Format} on standard output; give --output FILE."
            );
        using var store = stores.OpenToRead(invocation.Store);
        var report = store.Get(invocation.Get(_id));
        if (file == StandardOutput)
            output.WriteText(writer => exporter.Export(report, writer));
        else
            WriteFile(invocation, report, exporter, file);
        return Task.FromResult(ExitCode.Done);
    }

    private void WriteFile(Invocation invocation, StoredReport report, IReportExporter exporter, string file)
    {
        AtomicFile.Write(invocation.Resolve(file), (TextWriter writer) => exporter.Export(report, writer));
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/export/1",
                    id = report.Report.Id,
                    format = exporter.Format,
                    file,
                }
            );
        else
            output.Say($"Wrote {file}.");
    }

    private IReportExporter ExporterOf(string file)
    {
        if (file == StandardOutput)
            return exporters.First(exporter => exporter.Format == "json");
        // Of 'report.cdx.json' and 'report.json' the longer ending decides.
        return exporters
                .Where(exporter => file.EndsWith($".{exporter.Ending}", StringComparison.OrdinalIgnoreCase))
                .MaxBy(exporter => exporter.Ending.Length)
            ?? throw new UsageException($"The ending of '{file}' names no format; give --format {_format.HelpName}.");
    }
}
