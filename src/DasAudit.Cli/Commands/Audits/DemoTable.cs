using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Several audited pictures side by side: what each is owed to, whose that is, and with what share.</summary>
internal static class DemoTable
{
    private const int Pictures = 3;

    public static Table Of(IReadOnlyList<AuditReport> reports)
    {
        var table = new Table
        {
            Border = TableBorder.Simple,
            UseSafeBorder = false,
            ShowRowSeparators = true,
        }
            .AddColumn(new TableColumn("generated picture").NoWrap())
            .AddColumn("owed most to")
            .AddColumn("rights holder")
            .AddColumn("licence")
            .AddColumn(new TableColumn("share").RightAligned().NoWrap());
        foreach (var report in reports)
        {
            var first = report.Groups[0];
            var licences = report
                .Attributions.Where(a => (a.RightsHolder ?? GroupKey.NotStated) == first.Key)
                .Select(a => a.License)
                .OfType<string>()
                .Distinct();
            table.AddRow(
                new Text(VisibleText.Of(Path.GetFileName(report.Query.Path))),
                new Text(
                    VisibleText.Of(
                        string.Join(
                            ", ",
                            report
                                .Attributions.Take(Pictures)
                                .Select(a =>
                                    a.Title is { } title ? $"{title} ({Path.GetDirectoryName(a.Item)})" : a.Item
                                )
                        )
                    )
                ),
                new Text(VisibleText.Of(first.Key)),
                new Text(VisibleText.Of(string.Join(", ", licences))),
                new Text(Share(first))
            );
        }
        return table;
    }

    private static string Share(GroupShare group) =>
        group is { Low: { } low, High: { } high }
            ? $"{Figures.Percent(group.Share)}\n{Figures.PercentRange(low, high)}"
            : Figures.Percent(group.Share);
}
