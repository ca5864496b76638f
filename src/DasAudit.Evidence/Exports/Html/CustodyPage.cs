using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>
/// Who made the report and how to check it; on paper a page of its own, with lines for who had the paper.
/// </summary>
internal static class CustodyPage
{
    private const int Hands = 3;
    private static readonly string[] Columns = ["Date", "From", "To", "Purpose", "Signatures"];

    internal static void Write(HtmlWriter html, IEnumerable<Section> custody)
    {
        using var page = html.Open("section", ("class", "custody"));
        foreach (var section in custody)
            PlainSection.Write(html, section, "facts", "div");
        WriteHands(html);
    }

    private static void WriteHands(HtmlWriter html)
    {
        using var hands = html.Open("div", ("class", "hands"));
        html.Element("h2", "This printout was handed over");
        using var table = html.Open("table");
        using (html.Open("thead"))
        {
            using var row = html.Open("tr");
            foreach (var column in Columns)
                html.Element("th", column, ("scope", "col"));
        }

        using var body = html.Open("tbody");
        for (var hand = 0; hand < Hands; hand++)
            WriteEmptyRow(html);
    }

    private static void WriteEmptyRow(HtmlWriter html)
    {
        using var row = html.Open("tr");
        foreach (var _ in Columns)
            html.Element("td", "");
    }
}
