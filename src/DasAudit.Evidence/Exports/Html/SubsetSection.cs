using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The pictures that matter most when they are taken together.</summary>
internal static class SubsetSection
{
    internal static void Write(HtmlWriter html, AuditReport report)
    {
        if (report.Subset is not { } subset)
            return;
        using var section = html.Open("section");
        html.Element("h2", ScoreWords.For(report).Together);
        if (subset.Order.Count > 0)
        {
            using var list = html.Open("ol");
            foreach (var (item, influence) in subset.Order.Zip(subset.Influence))
            {
                using var entry = html.Open("li");
                using (html.Open("span", ("class", "path")))
                    html.Foreign(item);
                html.Text($" – {Figures.Score(influence, null)}");
            }
        }

        html.Element("p", Words.SubsetNote(report, subset), ("class", "muted small"));
    }
}
