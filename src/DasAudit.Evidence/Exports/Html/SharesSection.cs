using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The shares by group as a bar chart whose labels say all that it shows.</summary>
internal static class SharesSection
{
    private const int Rows = 12;

    internal static void Write(HtmlWriter html, AuditReport report, GroupColors colors)
    {
        if (report.Groups.Count == 0)
            return;
        using var section = html.Open("div", ("class", "shares"));
        html.Element("h2", $"Shares by {Words.GroupedBy(report)}");
        using (html.Open("ul"))
        {
            foreach (var group in report.Groups.Take(Rows))
                WriteGroup(html, group, colors.ClassOf(group.Key), report.Candidates.Count);
            WriteRest(html, [.. report.Groups.Skip(Rows)], report.Candidates.Count);
        }

        using var explanation = html.Open("p", ("class", "muted small"));
        html.Text($"Parts of the {ScoreWords.For(report).Of} of all scored pictures. ");
        if (report.Groups.Any(g => g.Low is not null))
            html.Text($"The line at a bar’s end is the {Figures.Percent(0.95)} interval. ");
        html.Text("The dashed mark is the share if every scored picture counted the same.");
    }

    private static void WriteGroup(HtmlWriter html, GroupShare group, string color, int candidates)
    {
        using var item = html.Open("li");
        using (html.Open("span", ("class", "holder")))
        {
            html.Element("span", "", ("class", $"swatch {color}"), ("aria-hidden", "true"));
            html.Foreign(group.Key);
        }

        WriteFigures(html, group, candidates);
        Bar.Write(
            html,
            color,
            group.Share,
            group.Low,
            group.High,
            candidates > 0 ? (double)group.Items / candidates : null
        );
    }

    private static void WriteRest(HtmlWriter html, IReadOnlyList<GroupShare> rest, int candidates)
    {
        if (rest.Count == 0)
            return;
        using var item = html.Open("li");
        html.Element("span", $"{Figures.Count(rest.Count)} others together", ("class", "holder"));
        WriteFigures(html, new GroupShare("", rest.Sum(g => g.Share), null, null, rest.Sum(g => g.Items)), candidates);
        Bar.Write(html, "g0", rest.Sum(g => g.Share));
    }

    private static void WriteFigures(HtmlWriter html, GroupShare group, int candidates)
    {
        html.Element("strong", Figures.Percent(group.Share), ("class", "number"));
        var interval = group is { Low: { } low, High: { } high } ? $"{Figures.PercentRange(low, high)} · " : "";
        html.Element(
            "span",
            $"{interval}{Figures.Count(group.Items)} of {Figures.Count(candidates)} pictures{(Words.Probabilities(group) is { Length: > 0 } chance ? $" · {chance}" : "")}",
            ("class", "muted small")
        );
    }
}
