using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;
using Spectre.Console;

namespace DasAudit.Cli.Output;

/// <summary>Many reports, one a line.</summary>
internal static class ReportTable
{
    /// <summary>Schema of the list in JSON; its items are whole reports.</summary>
    public const string SchemaId = "das-audit/reports/1";

    /// <summary>Prints the list as a table, or as JSON.</summary>
    public static void Print(ToolOutput output, IReadOnlyList<AuditReport> reports, bool json)
    {
        if (json)
            output.WriteJson(new ListDocument<AuditReport>(SchemaId, reports));
        else if (reports.Count == 0)
            output.Say("No reports.");
        else
            output.Write(Of(reports));
    }

    private static Table Of(IReadOnlyList<AuditReport> reports)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }
            .AddColumn(new TableColumn("report").NoWrap())
            .AddColumn(new TableColumn("made (UTC)").NoWrap())
            .AddColumn("query")
            .AddColumn("model")
            .AddColumn("by")
            .AddColumn("group")
            .AddColumn(new TableColumn("share").RightAligned().NoWrap());
        foreach (var report in reports)
        {
            var first = report.Groups.Count > 0 ? report.Groups[0] : null;
            table.AddRow(
                new Text(report.Id),
                new Text(report.CreatedUtc.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
                new Text(VisibleText.Of(Path.GetFileName(report.Query.Path))),
                new Text(VisibleText.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(report.Model.Path)))),
                new Text(VisibleText.Of(report.Method.Id)),
                new Text(first is null ? "" : VisibleText.Of(first.Key)),
                new Text(first is null ? "" : Figures.Percent(first.Share).Replace('\u00A0', ' '))
            );
        }
        return table;
    }
}
