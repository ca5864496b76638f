using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
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
            var largest = report.Groups[0];
            table.AddRow(
                Plain(Path.GetFileName(report.Query.Path)),
                Plain(string.Join(", ", report.Attributions.Take(Pictures).Select(Name))),
                Plain(largest.Key),
                Plain(string.Join(", ", Licences(report, largest.Key))),
                new Text(Share(largest))
            );
        }
        return table;
    }

    private static Text Plain(string text) => new(VisibleText.Of(text));

    private static string Name(AttributedPicture picture) =>
        picture.Title is { } title ? $"{title} ({Path.GetDirectoryName(picture.Item)})" : picture.Item;

    private static IEnumerable<string> Licences(AuditReport report, string holder) =>
        report
            .Attributions.Where(picture => (picture.RightsHolder ?? GroupKey.NotStated) == holder)
            .Select(picture => picture.License)
            .OfType<string>()
            .Distinct();

    private static string Share(GroupShare group) =>
        group is { Low: { } low, High: { } high }
            ? $"{Figures.Percent(group.Share)}\n{Figures.PercentRange(low, high)}"
            : Figures.Percent(group.Share);
}
