using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>What the reader must know before leaning on the figures.</summary>
internal static class LimitsSection
{
    internal static void Write(HtmlWriter html, AuditReport report)
    {
        using var section = html.Open("section", ("class", "limits"));
        html.Element("h2", "Limits");
        using var list = html.Open("ul");
        foreach (var limit in report.Limits)
        {
            using (html.Open("li"))
                html.Foreign(limit);
        }

        html.Element("li", ScoreWords.For(report).Law);
    }
}
