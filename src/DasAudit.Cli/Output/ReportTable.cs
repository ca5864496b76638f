using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;

namespace DasAudit.Cli.Output;

internal static class ReportTable
{
    /// <summary>Schema of the list in JSON; its items are whole reports.</summary>
    public const string SchemaId = "das-audit/reports/1";

    private static readonly IReadOnlyList<Column<ReportSummary>> Columns =
    [
        new("report", report => Content.Foreign(report.Id), ColumnKind.Word),
        new("made (UTC)", report => Content.Figure(Minute(report.CreatedUtc)), ColumnKind.Word),
        new("query", report => FileName(report.QueryPath)),
        new("model", report => FileName(Path.TrimEndingDirectorySeparator(report.ModelPath))),
        new("by", report => Content.Foreign(report.Method)),
        new("group", report => Content.Foreign(report.Group ?? "")),
        new(
            "share",
            report => Content.Figure(report.Group is null ? "" : Figures.Percent(report.Share)),
            ColumnKind.Number
        ),
    ];

    /// <summary>Lists the reports that meet a filter; whole reports are read for JSON alone.</summary>
    public static void Print(ToolOutput output, IReportStore store, ReportFilter filter, int? limit, bool json)
    {
        var most = limit ?? int.MaxValue;
        if (json)
            PrintJson(output, store.Query(filter, most));
        else if (store.Find(filter, most) is { Count: > 0 } reports)
            output.Write(TableView.Of(DocumentTable.Of("Reports", Columns, reports)));
        else
            output.Say("No reports.");
    }

    public static void PrintJson(ToolOutput output, IReadOnlyList<AuditReport> reports) =>
        output.WriteJson(new ListDocument<AuditReport>(SchemaId, reports));

    private static string Minute(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static Content FileName(string path) => Content.Foreign(Path.GetFileName(path));
}
