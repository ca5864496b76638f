using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;

namespace DasAudit.Cli.Output;

internal static class ReportTable
{
    /// <summary>Schema of the list in JSON; its items are whole reports.</summary>
    public const string SchemaId = "das-audit/reports/1";

    private static readonly IReadOnlyList<Column<AuditReport>> Columns =
    [
        new("report", report => Content.Foreign(report.Id), ColumnKind.Word),
        new("made (UTC)", report => Content.Figure(Minute(report.CreatedUtc)), ColumnKind.Word),
        new("query", report => FileName(report.Query.Path)),
        new("model", report => FileName(Path.TrimEndingDirectorySeparator(report.Model.Path))),
        new("by", report => Content.Foreign(report.Method.Id)),
        new("group", report => First(report, group => group.Key)),
        new("share", report => First(report, group => Figures.Percent(group.Share)), ColumnKind.Number),
    ];

    public static void Print(ToolOutput output, IReadOnlyList<AuditReport> reports, bool json)
    {
        if (json)
            output.WriteJson(new ListDocument<AuditReport>(SchemaId, reports));
        else if (reports.Count == 0)
            output.Say("No reports.");
        else
            output.Write(TableView.Of(DocumentTable.Of("Reports", Columns, reports)));
    }

    private static string Minute(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static Content FileName(string path) => Content.Foreign(Path.GetFileName(path));

    private static Content First(AuditReport report, Func<GroupShare, string> text) =>
        Content.Foreign(report.Groups.Count == 0 ? "" : text(report.Groups[0]));
}
