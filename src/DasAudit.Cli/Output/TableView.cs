using DasAudit.Evidence.Document;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>A table of a report's document for the console.</summary>
internal static class TableView
{
    private static readonly Style Dim = new(decoration: Decoration.Dim);

    /// <summary>Lays a table out, with as many rows as suffice.</summary>
    public static Table Of(DocumentTable table)
    {
        var shown = new Table { Border = TableBorder.Simple, UseSafeBorder = false };
        foreach (var column in table.Columns)
            shown.AddColumn(HeaderOf(column));
        foreach (var row in table.Rows.Take(table.RowsThatSuffice))
            shown.AddRow(row.Select(Cell));
        return shown;
    }

    /// <summary>A text that cannot control the terminal, in the colour of its tone.</summary>
    public static IRenderable Cell(Content content) =>
        new Text(
            VisibleText.Of(content.Text),
            content.Tone switch
            {
                Tone.For => Color.Green,
                Tone.Against => Color.Red,
                Tone.Muted => Dim,
                _ => Style.Plain,
            }
        );

    private static TableColumn HeaderOf(Column column)
    {
        var shown = new TableColumn(new Text(VisibleText.Of(column.Header)));
        if (column.Kind is ColumnKind.Number or ColumnKind.Rank)
            shown.RightAligned();
        if (column.Kind is ColumnKind.Number or ColumnKind.Rank or ColumnKind.Word)
            shown.NoWrap();
        return shown;
    }
}
