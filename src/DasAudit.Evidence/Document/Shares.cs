namespace DasAudit.Evidence.Document;

/// <summary>The shares by group, largest first, and last a line for all others together.</summary>
/// <param name="Intro">A heading that says over what.</param>
/// <param name="Explanation">What a bar chart of them shows.</param>
internal sealed record Shares(IReadOnlyList<ShareLine> Lines, Section Section, string Intro, string Explanation)
{
    private const int Groups = 10;

    /// <summary>Null where the report has no groups.</summary>
    internal static Shares? Of(AuditReport report)
    {
        if (report.Groups.Count == 0)
            return null;

        var candidates = report.Candidates.Count;
        var lines = report.Groups.Take(Groups).Select(group => ShareLine.Of(group, candidates)).ToList();
        if (report.Groups.Count > Groups)
            lines.Add(ShareLine.Together([.. report.Groups.Skip(Groups)], candidates));

        var title = $"Shares by {Words.GroupedBy(report)}";
        return new(
            lines,
            new(title, DocumentTable.Of(title, Columns(report), lines)),
            $"{title}, over all {Figures.Count(candidates, "candidate")}",
            Explain(report)
        );
    }

    private static IEnumerable<Column<ShareLine>> Columns(AuditReport report)
    {
        yield return new("", line => line.Key);
        yield return new("Share", line => Content.Figure(line.Percent), ColumnKind.Number);
        yield return new(Words.Interval, line => Content.Figure(line.Interval ?? "–"), ColumnKind.Number);
        yield return new("Pictures scored", line => Content.Figure(Figures.Count(line.Group.Items)), ColumnKind.Number);
        if (report.Groups.All(group => group.PValue is null))
            yield break;
        yield return new("p", line => Words.Probability(line.Group.PValue), ColumnKind.Number);
        yield return new("q", line => Words.Probability(line.Group.QValue), ColumnKind.Number);
    }

    private static string Explain(AuditReport report)
    {
        var interval = report.Groups.Any(group => group.Low is not null)
            ? $"The line at a bar’s end is the {Words.Interval}. "
            : "";
        return $"Parts of the {ScoreWords.For(report).Of} of all scored pictures. {interval}"
            + "The dashed mark is the share if every scored picture counted the same.";
    }
}
