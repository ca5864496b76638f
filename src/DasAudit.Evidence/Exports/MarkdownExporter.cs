using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports;

/// <summary>The report as GitHub-flavoured Markdown, without the pictures. Everything that comes from files is escaped; no address becomes a link.</summary>
public sealed class MarkdownExporter : IReportExporter
{
    private static readonly string[] NoCells = [];

    /// <inheritdoc/>
    public string Format => "md";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer)
    {
        var text = new Lines(writer);
        WriteHeadline(text, report.Report);
        WriteShares(text, report.Report);
        WriteAttributions(text, report.Report);
        WriteSubset(text, report.Report);
        WriteComparison(text, report.Report);
        WriteDamping(text, report.Report);
        WriteReading(text, report.Report);
        WriteLimits(text, report.Report);
        WriteCircumstances(text, report.Report);
        text.Line(
            $"Report {MarkdownText.Code(report.Report.Id)} · {Figures.Moment(report.Report.CreatedUtc)} · das-audit {MarkdownText.Inline(report.Report.Tool.Version)} (commit {MarkdownText.Code(report.Report.Tool.Commit)})"
        );
    }

    private static void WriteHeadline(Lines text, AuditReport report)
    {
        var headline = Headline.Of(report);
        text.Block($"# {ScoreWords.For(report).Title(MarkdownText.Code(report.Query.Path))}");
        text.Block(
            $"**{MarkdownText.Inline(headline.Claim)}.** {(headline.Figures.Length > 0 ? $"{MarkdownText.Inline(headline.Figures)}. " : "")}{Words.Coverage(report)}. {MarkdownText.Inline(Words.LargerMeans(report))}"
        );
    }

    private static void WriteShares(Lines text, AuditReport report)
    {
        if (report.Groups.Count == 0)
            return;
        text.Block($"## Shares by {MarkdownText.Inline(Words.GroupedBy(report))}");
        var tested = report.Groups.Any(g => g.PValue is not null);
        text.Table(
            ["", "Share", $"{Figures.Percent(0.95)} interval", "Pictures scored", .. tested ? ["p", "q"] : NoCells],
            report.Groups.Select<GroupShare, string[]>(g =>
                [
                    MarkdownText.Inline(g.Key),
                    Figures.Percent(g.Share),
                    g is { Low: { } low, High: { } high } ? Figures.PercentRange(low, high) : "–",
                    Figures.Count(g.Items),
                    .. tested ? [Probability(g.PValue), Probability(g.QValue)] : NoCells,
                ]
            )
        );
    }

    private static void WriteAttributions(Lines text, AuditReport report)
    {
        if (report.Attributions.Count == 0)
            return;
        text.Block("## Listed pictures");
        var (assessed, directed) = (report.Evidence is not null, Words.HasDirection(report));
        text.Table(
            [
                "Rank",
                "Picture",
                "File",
                Words.ScoreHeading(report),
                .. assessed ? ["Evidence", "p", "q"] : NoCells,
                .. directed ? ["Direction"] : NoCells,
                "Similarity",
                "Rights holder",
                "Licence",
                "Author",
                "Candidate because",
                "Source",
            ],
            report.Attributions.Select<AttributedPicture, string[]>(a =>
                [
                    $"{a.Rank}",
                    MarkdownText.Inline(Words.Name(a)),
                    MarkdownText.Code(a.Item),
                    Figures.Score(a.Score, a.StandardError),
                    .. assessed ? [Words.Strength(a), Probability(a.PValue), Probability(a.QValue)] : NoCells,
                    .. directed ? [$"{Words.DirectionSign(a)} {Words.Direction(a)}"] : NoCells,
                    a.Similarity is { } similarity ? Figures.Cosine(similarity) : "–",
                    MarkdownText.Inline(a.RightsHolder ?? Words.NotStated),
                    MarkdownText.Inline(a.License ?? Words.NotStated),
                    MarkdownText.Inline(a.Author ?? Words.NotStated),
                    MarkdownText.Inline(Words.Tiers(a)),
                    MarkdownText.Code(a.Source ?? ""),
                ]
            )
        );
    }

    private static void WriteSubset(Lines text, AuditReport report)
    {
        if (report.Subset is not { } subset)
            return;
        text.Block($"## {ScoreWords.For(report).Together}");
        foreach (var (rank, (item, influence)) in subset.Order.Zip(subset.Influence).Index())
            text.Line($"{rank + 1}. {MarkdownText.Code(item)}: {MarkdownText.Inline(Figures.Score(influence, null))}");
        if (subset.Order.Count > 0)
            text.Line("");
        text.Block(MarkdownText.Inline(Words.SubsetNote(report, subset)));
    }

    private static void WriteDamping(Lines text, AuditReport report)
    {
        if (report.DampingCurve is null)
            return;
        text.Block($"## {DampingTable.Title}");
        text.Table(
            DampingTable.Header(report),
            DampingTable.Rows(report).Select(cells => cells.Select(MarkdownText.Inline).ToList())
        );
        foreach (var note in DampingTable.Notes(report))
            text.Block(MarkdownText.Inline(note));
    }

    private static void WriteComparison(Lines text, AuditReport report)
    {
        if (report.Comparison is not { } comparison)
            return;
        text.Block("## Methods side by side");
        text.Table(
            ["Rank", .. comparison.Methods.Select(method => MarkdownText.Inline(method.Id))],
            Enumerable
                .Range(0, comparison.Methods.Max(method => method.Top.Count))
                .Select<int, string[]>(rank =>
                    [
                        $"{rank + 1}",
                        .. comparison.Methods.Select(method =>
                            rank < method.Top.Count ? MarkdownText.Code(method.Top[rank].Item) : ""
                        ),
                    ]
                )
        );
        foreach (var agreement in comparison.Agreements)
            text.Line($"- {MarkdownText.Inline(Words.Agreement(agreement))}");
        foreach (var method in comparison.Methods)
            text.Line($"- {MarkdownText.Inline(Words.LargerMeans(method))}");
        text.Line("");
    }

    private static string Probability(double? value) => MarkdownText.Inline(Words.Probability(value));

    private static void WriteReading(Lines text, AuditReport report)
    {
        text.Block("## How to read this");
        foreach (var (term, meaning) in Explanations.Of(report))
            text.Line($"- **{term}**: {MarkdownText.Inline(meaning)}");
        text.Line("");
    }

    private static void WriteLimits(Lines text, AuditReport report)
    {
        text.Block("## Limits");
        foreach (var limit in report.Limits.Append(ScoreWords.For(report).Law))
            text.Line($"- {MarkdownText.Line(limit)}");
        text.Line("");
    }

    private static void WriteCircumstances(Lines text, AuditReport report)
    {
        foreach (var (title, facts) in Circumstances.Of(report))
        {
            text.Block($"## {title}");
            text.Table(
                ["", ""],
                facts.Select(f =>
                    new[]
                    {
                        MarkdownText.Inline(f.Name),
                        f.Code ? MarkdownText.Code(f.Value) : MarkdownText.Inline(f.Value),
                    }
                )
            );
        }
    }

    private sealed class Lines(TextWriter writer)
    {
        internal void Line(string line)
        {
            writer.Write(line);
            writer.Write('\n');
        }

        internal void Block(string line)
        {
            Line(line);
            Line("");
        }

        internal void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
        {
            Line($"| {string.Join(" | ", header)} |");
            Line($"|{string.Concat(header.Select(_ => "---|"))}");
            foreach (var row in rows)
                Line($"| {string.Join(" | ", row)} |");
            Line("");
        }
    }
}
