using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>A report for the console: a renderer of <see cref="ReportBrief"/>.</summary>
internal static class ReportView
{
    private const int BarWidth = 30;

    public static IRenderable Of(AuditReport report)
    {
        var brief = new ReportBrief(report);
        return new Rows([
            Finding(brief),
            Text.Empty,
            TableView.Of(brief.Pictures),
            .. Shares(brief.Shares),
            .. brief.Supplements.SelectMany(Supplement),
            Text.Empty,
            Facts(brief.Facts),
            Text.Empty,
            .. brief.Reading.Select(Plain),
            .. brief.Limits.Select(limit => Plain($"• {limit}")),
        ]);
    }

    private static Rows Finding(ReportBrief brief)
    {
        var claim = Plain(brief.Claim, Decoration.Bold);
        return brief.Figures.Length == 0 ? new(claim) : new(claim, Plain(brief.Figures));
    }

    private static IEnumerable<IRenderable> Shares(Shares? shares)
    {
        if (shares is null)
            return [];
        var grid = new Grid()
            .AddColumn()
            .AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned())
            .AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned());
        foreach (var line in shares.Lines)
        {
            grid.AddRow(
                Plain(line.Key.Text),
                new Text(Bar(line.Group.Share), Color.Blue),
                Plain(line.Percent),
                Plain(line.Interval ?? ""),
                Plain(line.Pictures)
            );
        }
        return [Text.Empty, Plain($"{shares.Intro}:"), grid];
    }

    private static IEnumerable<IRenderable> Supplement(Section section) =>
        [Text.Empty, Plain($"{section.Title}:"), .. section.Blocks.SelectMany(Block)];

    private static IEnumerable<IRenderable> Block(Block block) =>
        block switch
        {
            DocumentTable table => [TableView.Of(table)],
            Ranking ranking => ranking.Files.Select((file, i) => Plain($"{i + 1}. {file.Path}: {file.Figure}")),
            Note note => [Plain(note.Text)],
            _ => throw new ArgumentException($"{block.GetType().Name} has no form on the console.", nameof(block)),
        };

    private static Grid Facts(IEnumerable<Fact> facts)
    {
        var grid = Tables.Pairs();
        foreach (var fact in facts)
            grid.AddRow(Plain(fact.Name, Decoration.Dim), Plain(fact.Value.Text));
        return grid;
    }

    // Hidden characters are named, and all spaces are ordinary ones, so that what is printed can be searched for.
    private static Text Plain(string text, Decoration decoration) =>
        new(VisibleText.Of(text), new Style(decoration: decoration));

    private static Text Plain(string text) => new(VisibleText.Of(text));

    private static string Bar(double share)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('█', filled) + new string('░', BarWidth - filled);
    }
}
