using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>What the page begins and ends with.</summary>
internal static class TitleSection
{
    internal static void Write(HtmlWriter html, AuditReport report)
    {
        var headline = Headline.Of(report);
        using var header = html.Open("header");
        using (html.Open("p", ("class", "kicker")))
        {
            html.Element("strong", "das-audit");
            html.Text($" · {ScoreWords.For(report).Question}");
        }

        using (html.Open("h1"))
            html.Foreign(headline.Claim);
        using var lead = html.Open("p", ("class", "lead"));
        if (headline.Figures.Length > 0)
        {
            using (html.Open("strong"))
                html.Foreign(headline.Figures);
            html.Text(". ");
        }

        html.Text($"{Words.Coverage(report)}. {Words.LargerMeans(report)}");
    }

    internal static void WriteFooter(HtmlWriter html, AuditReport report)
    {
        using var footer = html.Open("footer");
        using var line = html.Open("p");
        html.Text("Report ");
        html.Element("code", report.Id);
        html.Text($" · {Figures.Moment(report.CreatedUtc)} · das-audit {report.Tool.Version} (commit ");
        html.Element("code", report.Tool.Commit);
        html.Text(")");
    }
}
