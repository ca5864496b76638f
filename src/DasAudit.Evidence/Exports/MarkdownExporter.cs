using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports;

/// <summary>GitHub-flavoured Markdown without pictures. Text from files is escaped; no address is a link.</summary>
public sealed class MarkdownExporter : IReportExporter
{
    /// <inheritdoc/>
    public string Format => "md";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer)
    {
        var document = new ReportDocument(report.Report);
        var blocks = Lead(document).Concat(document.Sections.SelectMany(Blocks));
        foreach (var block in blocks)
            writer.Write($"{block}\n\n");
        writer.Write($"{string.Concat(document.Colophon.Select(Text))}\n");
    }

    private static IEnumerable<string> Lead(ReportDocument document)
    {
        var headline = document.Headline;
        var figures = headline.Figures.Length > 0 ? $"{MarkdownText.Inline(headline.Figures)}. " : "";
        var largerMeans = MarkdownText.Inline(document.LargerMeans);
        yield return $"# {document.Title(MarkdownText.Code(document.Query.Path))}";
        yield return $"**{MarkdownText.Inline(headline.Claim)}.** {figures}{document.Coverage} {largerMeans}";
    }

    private static IEnumerable<string> Blocks(Section section) =>
        section.Blocks.SelectMany(Lines).Prepend($"## {MarkdownText.Inline(section.Title)}");

    // A block is nothing where it has nothing in it.
    private static IEnumerable<string> Lines(Block block)
    {
        var lines = block switch
        {
            Note note => [MarkdownText.Inline(note.Text)],
            Bullets bullets => bullets.Items.Select(item => $"- {MarkdownText.Line(item.Text)}"),
            Ranking ranking => ranking.Files.Select((file, index) => $"{index + 1}. {Ranked(file)}"),
            Definitions terms => terms.Items.Select(Defined),
            Facts facts => Rows(["", ""], facts.Items.Select(Cells)),
            DocumentTable table => Rows(table.Columns.Select(Header), table.Rows.Select(row => row.Select(Text))),
            _ => throw new ArgumentException($"{block.GetType().Name} has no form in Markdown.", nameof(block)),
        };
        var text = string.Join('\n', lines);
        return text.Length == 0 ? [] : [text];
    }

    private static string Ranked(RankedFile file) =>
        $"{MarkdownText.Code(file.Path)}: {MarkdownText.Inline(file.Figure)}";

    private static string Defined(Definition term) => $"- **{term.Term}**: {MarkdownText.Inline(term.Meaning)}";

    private static IEnumerable<string> Cells(Fact fact) => [MarkdownText.Inline(fact.Name), Text(fact.Value)];

    private static IEnumerable<string> Rows(IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        var names = header.ToList();
        return rows.Select(Row).Prepend($"|{string.Concat(names.Select(_ => "---|"))}").Prepend(Row(names));
    }

    private static string Header(Column column) =>
        column.IsForeign ? MarkdownText.Inline(column.Header) : column.Header;

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Text(Content content) =>
        content.Kind switch
        {
            ContentKind.Code => MarkdownText.Code(content.Text),
            ContentKind.Figure => content.Text,
            _ => MarkdownText.Inline(content.Text),
        };
}
