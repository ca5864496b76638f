using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>A section as it stands: its title and its blocks below each other.</summary>
internal static class PlainSection
{
    private const string SmallPrint = "muted small";

    internal static void Write(HtmlWriter html, Section section, string? style = null, string element = "section")
    {
        using var part = html.Open(element, ("class", style));
        html.Element("h2", section.CountedTitle);
        foreach (var block in section.Blocks)
            Write(html, block);
    }

    private static void Write(HtmlWriter html, Block block)
    {
        switch (block)
        {
            case Note note:
                html.Element("p", note.Text, ("class", SmallPrint));
                break;
            case Bullets bullets:
                WriteBullets(html, bullets);
                break;
            case Ranking ranking:
                WriteRanking(html, ranking);
                break;
            case Definitions definitions:
                WriteDefinitions(html, definitions);
                break;
            case Facts facts:
                WriteFacts(html, facts);
                break;
            case DocumentTable table:
                TableWriter.Write(html, table);
                break;
            default:
                throw new ArgumentException($"{block.GetType().Name} has no form in HTML.", nameof(block));
        }
    }

    private static void WriteBullets(HtmlWriter html, Bullets bullets)
    {
        using var list = html.Open("ul", ("class", bullets.SmallPrint ? SmallPrint : null));
        foreach (var item in bullets.Items)
            html.Element("li", item);
    }

    private static void WriteRanking(HtmlWriter html, Ranking ranking)
    {
        if (ranking.Files.Count == 0)
            return;
        using var list = html.Open("ol");
        foreach (var file in ranking.Files)
        {
            using var entry = html.Open("li");
            html.Element("span", Content.Code(file.Path), ("class", "path"));
            html.Text($" – {file.Figure}");
        }
    }

    private static void WriteDefinitions(HtmlWriter html, Definitions definitions)
    {
        using var list = html.Open("dl");
        foreach (var definition in definitions.Items)
        {
            html.Element("dt", definition.Term);
            html.Element("dd", definition.Meaning);
        }
    }

    private static void WriteFacts(HtmlWriter html, Facts facts)
    {
        using var table = html.Open("table");
        using var body = html.Open("tbody");
        foreach (var fact in facts.Items)
        {
            using var row = html.Open("tr");
            html.Element("th", Content.Foreign(fact.Name), ("scope", "row"));
            html.Element("td", fact.Value, ("class", fact.Value.Kind == ContentKind.Code ? "code" : null));
        }
    }
}
