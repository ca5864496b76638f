using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Every listed attribution with all that the report says of it.</summary>
internal static class TableSection
{
    internal static void Write(HtmlWriter html, StoredReport report, GroupColors colors, ScoreScale scale)
    {
        var attributions = report.Report.Attributions;
        if (attributions.Count == 0)
            return;
        using var section = html.Open("section");
        html.Element(
            "h2",
            attributions.Count == 1 ? "The listed picture" : $"All {Figures.Count(attributions.Count)} listed pictures"
        );
        using var scroll = html.Open(
            "div",
            ("class", "scroll"),
            ("role", "region"),
            ("tabindex", "0"),
            ("aria-label", "Table of all listed pictures")
        );
        using var table = html.Open("table", ("class", "attributions"));
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            string[] evidence = report.Report.Evidence is null ? [] : ["Evidence"];
            string[] direction = Words.HasDirection(report.Report) ? ["Direction"] : [];
            foreach (
                var name in (string[])
                    [
                        "Rank",
                        "Picture",
                        "",
                        Words.ScoreHeading(report.Report),
                        .. evidence,
                        .. direction,
                        "Similarity",
                        "Rights",
                        "Candidate because",
                    ]
            )
            {
                html.Element(
                    "th",
                    name,
                    ("scope", "col"),
                    ("aria-label", name.Length == 0 ? "Title, file and source" : null)
                );
            }
        }

        using var body = html.Open("tbody");
        foreach (var attribution in attributions)
            WriteRow(html, report, attribution, colors, scale);
    }

    private static void WriteRow(
        HtmlWriter html,
        StoredReport report,
        AttributedPicture attribution,
        GroupColors colors,
        ScoreScale scale
    )
    {
        var color = colors.ClassOf(Words.GroupOf(report.Report, attribution));
        using var row = html.Open("tr");
        html.Element("td", $"{attribution.Rank}", ("class", "rank-cell"));
        using (html.Open("td", ("class", "picture-cell")))
            Thumbnail.Write(html, report, attribution.Sha256, Words.Name(attribution));
        WriteFile(html, attribution);
        using (html.Open("td", ("class", "score-cell")))
        {
            scale.WriteBar(html, attribution, color);
            html.Element("span", Figures.Score(attribution.Score, attribution.StandardError), ("class", "number"));
            if (scale.Top > 0)
                html.Element(
                    "span",
                    $"{Figures.Percent(attribution.Score / scale.Top)} of the first",
                    ("class", "muted small")
                );
        }

        if (report.Report.Evidence is not null)
            WriteEvidence(html, attribution);
        if (Words.HasDirection(report.Report))
        {
            using (html.Open("td"))
                DirectionMark.Write(html, attribution);
        }

        html.Element(
            "td",
            attribution.Similarity is { } similarity ? Figures.Cosine(similarity) : "–",
            ("class", "number"),
            ("data-label", "Similarity")
        );
        using (html.Open("td", ("class", "rights-cell")))
            RightsLines.Write(html, report.Report, attribution, color);
        using (html.Open("td", ("class", "tiers-cell small"), ("data-label", "Candidate because")))
            html.Foreign(Words.Tiers(attribution));
    }

    private static void WriteEvidence(HtmlWriter html, AttributedPicture attribution)
    {
        using var cell = html.Open("td", ("class", "evidence-cell"), ("data-label", "Evidence"));
        html.Element("strong", Words.Strength(attribution));
        if (attribution is { PValue: { } p, QValue: { } q })
            html.Element("span", $"{Words.Equal("p", p)}, {Words.Equal("q", q)}", ("class", "muted small"));
    }

    private static void WriteFile(HtmlWriter html, AttributedPicture attribution)
    {
        using var cell = html.Open("td", ("class", "file-cell"));
        using (html.Open("strong"))
            html.Foreign(Words.Name(attribution));
        using (html.Open("span", ("class", "path")))
            html.Foreign(attribution.Item);
        using (html.Open("span", ("class", "path muted"), ("title", $"SHA-256 {attribution.Sha256}")))
        {
            html.Text($"SHA-256 {attribution.Sha256[..Math.Min(16, attribution.Sha256.Length)]}…");
        }

        if (attribution.Source is not { Length: > 0 } source)
            return;
        using (html.Open("span", ("class", "source")))
            html.Link(source);
    }
}
