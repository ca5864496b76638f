using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Inputs, settings, environment and times.</summary>
internal static class CircumstancesSection
{
    internal static void Write(HtmlWriter html, AuditReport report)
    {
        using var section = html.Open("section", ("class", "circumstances"));
        foreach (var (title, facts) in Circumstances.Of(report))
        {
            using var block = html.Open("div", ("class", "facts"));
            html.Element("h2", title);
            using var table = html.Open("table");
            using var body = html.Open("tbody");
            foreach (var fact in facts)
            {
                using var row = html.Open("tr");
                using (html.Open("th", ("scope", "row")))
                    html.Foreign(fact.Name);
                using (html.Open("td", ("class", fact.Code ? "code" : null)))
                    html.Foreign(fact.Value);
            }
        }
    }
}
