using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Tables, which scroll sideways where they are too wide.</summary>
internal static class TableWriter
{
    internal static void Write(HtmlWriter html, DocumentTable table)
    {
        using var scroll = OpenScroll(html, table.Label);
        using var element = html.Open("table");
        WriteHead(html, table.Columns.Select(column => (column.Header, (string?)null)));
        using var body = html.Open("tbody");
        foreach (var row in table.Rows.Take(table.RowsThatSuffice))
        {
            using var line = html.Open("tr");
            foreach (var (column, cell) in table.Columns.Zip(row))
                html.Element("td", cell, ("class", StyleOf(column.Kind)));
        }
    }

    /// <summary>The frame that scrolls, also by keyboard.</summary>
    internal static HtmlWriter.Scope OpenScroll(HtmlWriter html, string label) =>
        html.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", label));

    /// <summary>The line of headings; the label is what an empty heading is called.</summary>
    internal static void WriteHead(HtmlWriter html, IEnumerable<(string Text, string? Label)> headings)
    {
        using var head = html.Open("thead");
        using var line = html.Open("tr");
        foreach (var (text, label) in headings)
            html.Element("th", text, ("scope", "col"), ("aria-label", label));
    }

    internal static string? StyleOf(ColumnKind kind) =>
        kind switch
        {
            ColumnKind.Rank => "rank-cell",
            ColumnKind.Number => "number",
            ColumnKind.File => "path",
            _ => null,
        };
}
