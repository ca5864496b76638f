using DasAudit.Evidence.Document;
using Spectre.Console;

namespace DasAudit.Cli.Output;

internal static class Tables
{
    /// <summary>A table with a line below its headings and no other.</summary>
    public static Table Simple(params IReadOnlyList<TableColumn> columns)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false };
        foreach (var column in columns)
            table.AddColumn(column);
        return table;
    }

    public static Table Simple(params IEnumerable<string> headings) =>
        Simple([.. headings.Select(heading => new TableColumn(heading))]);

    /// <summary>Columns for names and what they stand for.</summary>
    public static Grid Pairs() => new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();

    /// <summary>Adds a row to <see cref="Pairs"/>, of text from anywhere.</summary>
    public static void AddPair(this Grid grid, string name, string text) => grid.AddRow(new Text(name), Foreign(text));

    /// <summary>Columns for a mark, what was checked, and what was found.</summary>
    public static Grid Checks() =>
        new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();

    public static Text Mark(bool passed) => passed ? new("ok", Color.Green) : new("FAIL", Color.Red);

    /// <summary>Text from elsewhere, without what would steer the terminal.</summary>
    public static Text Foreign(string? text) => new(VisibleText.Of(text ?? ""));
}
