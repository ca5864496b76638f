using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

/// <summary><c>reports export ID</c>.</summary>
internal sealed class ReportsExportCommand : ToolCommand
{
    private readonly Argument<string> _id = new("ID")
    {
        Description = "The report's id, or a beginning of it that no other report shares.",
    };
    private readonly Setting<string?> _format;
    private readonly Setting<string?> _file = Setting.Text(
        "--output",
        "FILE",
        "Where to write; standard output by default"
    );
    private readonly IReadOnlyList<IReportExporter> _exporters;
    private readonly IReportStores _stores;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public ReportsExportCommand(
        IEnumerable<IReportExporter> exporters,
        IReportStores stores,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base("export", "Write a report to a file for people or other programs.")
    {
        (_exporters, _stores, _common, _surroundings, _output) = ([.. exporters], stores, common, surroundings, output);
        _format = Setting.OptionalOneOf(
            "--format",
            "The file's format; by default what the ending of --output says, or json",
            [.. _exporters.Select(exporter => exporter.Format)]
        );
        Arguments.Add(_id);
        Options.Add(_format);
        Options.Add(_file);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("reports export 01J9 --output report.html", "A page with the pictures side by side.")];

    /// <inheritdoc/>
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var file = invocation.Get(_file);
        var exporter = Exporter(invocation.Get(_format), file);
        var json = invocation.Get(_common.Json);
        if (json && file is null && exporter.Format != "json")
            throw new UsageException(
                $"--json leaves no room for {exporter.Format} on standard output; give --output FILE."
            );
        using var store = _stores.Open(_surroundings.Resolve(invocation.Get(_common.Store)), forWriting: false);
        var report = store.Get(invocation.Get(_id));
        if (file is null)
        {
            using var text = new StringWriter { NewLine = "\n" };
            exporter.Export(report, text);
            _output.WriteText(text.ToString());
            return Task.FromResult(ExitCode.Done);
        }
        AtomicFile.Write(_surroundings.Resolve(file), (TextWriter writer) => exporter.Export(report, writer));
        if (json)
            _output.WriteJson(
                new
                {
                    schema = "das-audit/export/1",
                    id = report.Report.Id,
                    format = exporter.Format,
                    file,
                }
            );
        else
            _output.Say($"Wrote {file}.");
        return Task.FromResult(ExitCode.Done);
    }

    private IReportExporter Exporter(string? format, string? file)
    {
        var wanted = format ?? (file is null ? "json" : Path.GetExtension(file).TrimStart('.').ToLowerInvariant());
        return _exporters.FirstOrDefault(exporter => exporter.Format == wanted)
            ?? throw new UsageException($"The ending of '{file}' names no format; give --format {_format.HelpName}.");
    }
}
