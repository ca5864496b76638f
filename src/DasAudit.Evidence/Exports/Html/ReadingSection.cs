using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>How to read the figures.</summary>
internal static class ReadingSection
{
    internal static void Write(HtmlWriter html, AuditReport report)
    {
        using var section = html.Open("section", ("class", "reading"));
        html.Element("h2", "How to read this");
        using var list = html.Open("dl");
        foreach (var (term, meaning) in Explanations.Of(report))
        {
            html.Element("dt", term);
            html.Element("dd", meaning);
        }
    }
}
