using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>What the page begins and ends with.</summary>
internal static class TitleSection
{
    internal static void Write(HtmlWriter html, ReportDocument document)
    {
        var headline = document.Headline;
        using var header = html.Open("header");
        using (html.Open("p", ("class", "kicker")))
        {
            html.Element("strong", "das-audit");
            html.Text($" · {document.Words.Question}");
        }

        html.Element("h1", Content.Foreign(headline.Claim));
        using var lead = html.Open("p", ("class", "lead"));
        if (headline.Figures.Length > 0)
        {
            html.Element("strong", Content.Foreign(headline.Figures));
            html.Text(". ");
        }

        html.Text($"{document.Coverage} {document.LargerMeans}");
    }

    internal static void WriteFooter(HtmlWriter html, ReportDocument document)
    {
        using var footer = html.Open("footer");
        using var line = html.Open("p");
        foreach (var content in document.Colophon)
        {
            if (content.Kind == ContentKind.Code)
                html.Element("code", content.Text);
            else
                html.Write(content);
        }
    }
}
