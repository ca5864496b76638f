using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Whose a picture is and how it may be used, as the dataset states it; the colour of its group beside what it is grouped by.</summary>
internal static class RightsLines
{
    internal static void Write(HtmlWriter html, AuditReport report, AttributedPicture attribution, string color)
    {
        using (html.Open("p", ("class", "holder")))
            Stated("rights-holder", attribution.RightsHolder, "rights holder not stated");

        using var line = html.Open("p", ("class", "small"));
        Stated("license", attribution.License, "licence not stated");
        if (attribution.Author is not { Length: > 0 } && report.GroupedBy != "author")
            return;
        html.Text(" · ");
        Stated("author", attribution.Author, "author not stated", "by ");

        void Stated(string key, string? value, string otherwise, string before = "")
        {
            if (key == report.GroupedBy)
                html.Element("span", "", ("class", $"swatch {color}"), ("aria-hidden", "true"));
            if (value is not { Length: > 0 })
            {
                html.Element("span", otherwise, ("class", "muted"));
                return;
            }

            html.Text(before);
            html.Foreign(value);
        }
    }
}
