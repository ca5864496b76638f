using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The damping curve.</summary>
internal static class DampingSection
{
    internal static void Write(HtmlWriter html, AuditReport report)
    {
        if (report.DampingCurve is null)
            return;
        using var section = html.Open("section");
        html.Element("h2", DampingTable.Title);
        using (
            html.Open(
                "div",
                ("class", "scroll"),
                ("role", "region"),
                ("tabindex", "0"),
                ("aria-label", DampingTable.Title)
            )
        )
        using (html.Open("table"))
        {
            using (html.Open("thead"))
            using (html.Open("tr"))
            {
                foreach (var name in DampingTable.Header(report))
                    html.Element("th", name, ("scope", "col"));
            }

            using var body = html.Open("tbody");
            foreach (var cells in DampingTable.Rows(report))
            {
                using var row = html.Open("tr");
                foreach (var cell in cells)
                    html.Element("td", cell, ("class", "number"));
            }
        }

        foreach (var note in DampingTable.Notes(report))
            html.Element("p", note, ("class", "muted small"));
    }
}
