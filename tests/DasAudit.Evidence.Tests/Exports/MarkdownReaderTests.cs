using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>The Markdown export as Markdig reads it, with what GitHub adds to CommonMark and more.</summary>
public class MarkdownReaderTests
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough | EmphasisExtraOptions.Marked)
        .UseAutoLinks()
        .UseTaskLists()
        .UseFootnotes()
        .UseMathematics()
        .UseAlertBlocks()
        .UseEmojiAndSmiley()
        .Build();

    public static TheoryData<string> Hostile() =>
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[click](javascript:alert(1))",
            "![pixel](https://example.org/p.png)",
            "https://example.org/p www.example.org a@example.org",
            "<https://example.org>",
            "|x|y|\n|---|---|\n|1|2|",
            "# heading\n\n> quote\n\n- item\n\n1. item\n\n---",
            "```\ncode\n```",
            "[a]: https://example.org\n\n[a]",
            "`code` ``more``",
            "$x$ ^sup^ ~sub~ ==mark== [^1] :smile: &amp; \\*",
            "\u001b[31mred\u001b[0m",
            "=cmd|' /C calc'!A0",
        ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void No_text_from_files_becomes_markup(string text)
    {
        var calm = Shape(SampleReport.WithEveryText("plain"));
        var hostile = Shape(SampleReport.WithEveryText(text));

        Assert.Equal(calm, hostile);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Every_text_from_files_is_read_back(string text)
    {
        var document = Markdown.Parse(
            Expected.Text(new MarkdownExporter(), SampleReport.WithEveryText(text)),
            Pipeline
        );

        var visible = VisibleText.Of(text).Trim();
        var cells = document.Descendants<TableCell>().Select(TextOf).ToList();
        Assert.Contains(cells, cell => cell.Contains(visible, StringComparison.Ordinal));
    }

    [Fact]
    public void The_tables_hold_what_the_report_does()
    {
        var report = SampleReport.Create(attributions: 7);
        var document = Markdown.Parse(Expected.Text(new MarkdownExporter(), report), Pipeline);

        var tables = document.Descendants<Table>().ToList();
        var pictures = tables.First(table => table.Count == 8);
        foreach (var (row, picture) in pictures.Skip(1).Cast<TableRow>().Zip(report.Report.Attributions))
            Assert.Contains(picture.Item, row.Cast<TableCell>().Select(TextOf));
        Assert.All(tables, table => Assert.True(table.IsValid()));
    }

    // Names of all elements in order, without what texts they hold.
    private static List<string> Shape(StoredReport report)
    {
        var document = Markdown.Parse(Expected.Text(new MarkdownExporter(), report), Pipeline);
        return
        [
            .. document
                .Descendants()
                .Where(element => element is not LiteralInline and not LineBreakInline and not HtmlEntityInline)
                .Select(element => element.GetType().Name),
        ];
    }

    private static string TextOf(TableCell cell) =>
        string.Concat(
            cell.Descendants<LeafInline>()
                .Select(inline =>
                    inline switch
                    {
                        LiteralInline literal => literal.Content.ToString(),
                        CodeInline code => code.Content,
                        _ => "",
                    }
                )
        );
}
