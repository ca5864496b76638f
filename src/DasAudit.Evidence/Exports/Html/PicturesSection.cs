using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The audited picture, large, with the shares, beside the pictures it is owed to most.</summary>
internal static class PicturesSection
{
    private const int Cards = 6;

    internal static void Write(HtmlWriter html, StoredReport report, GroupColors colors, ScoreScale scale)
    {
        using var section = html.Open(
            "section",
            ("class", "pictures"),
            ("aria-label", ScoreWords.For(report.Report).Title("the picture"))
        );
        using (html.Open("div", ("class", "asked")))
        {
            html.Element("h2", "The audited picture");
            WriteQuery(html, report);
            SharesSection.Write(html, report.Report, colors);
        }

        if (report.Report.Attributions.Count == 0)
            return;
        using var column = html.Open("div", ("class", "owed"));
        html.Element("h2", ScoreWords.For(report.Report).Listed);
        using var list = html.Open("ol", ("class", "cards"));
        foreach (var attribution in report.Report.Attributions.Take(Cards))
            WriteCard(html, report, attribution, colors, scale);
    }

    private static void WriteQuery(HtmlWriter html, StoredReport report)
    {
        var query = report.Report.Query;
        using var figure = html.Open("figure", ("class", "query"));
        Thumbnail.Write(html, report, query.Sha256, $"The audited picture {query.Path}");
        using var caption = html.Open("figcaption");
        using (html.Open("span", ("class", "path")))
            html.Foreign(query.Path);
        html.Element("span", $"{query.Width} × {query.Height} pixels", ("class", "muted"));
    }

    private static void WriteCard(
        HtmlWriter html,
        StoredReport report,
        AttributedPicture attribution,
        GroupColors colors,
        ScoreScale scale
    )
    {
        var color = colors.ClassOf(Words.GroupOf(report.Report, attribution));
        using var card = html.Open("li", ("class", $"card {color}"));
        using (html.Open("div", ("class", "frame")))
        {
            html.Element("span", $"{attribution.Rank}", ("class", "rank"), ("title", $"Rank {attribution.Rank}"));
            Thumbnail.Write(html, report, attribution.Sha256, Words.Name(attribution));
        }

        using (html.Open("h3"))
            html.Foreign(Words.Name(attribution));
        using (html.Open("div", ("class", "score")))
        {
            scale.WriteBar(html, attribution, color);
            html.Element("span", Figures.Score(attribution.Score, attribution.StandardError), ("class", "number"));
        }

        if (Words.HasDirection(report.Report))
            DirectionMark.Write(html, attribution);
        RightsLines.Write(html, report.Report, attribution, color);
        using var why = html.Open("p", ("class", "muted small"));
        html.Text("Candidate because: ");
        html.Foreign(Words.Tiers(attribution));
    }
}
