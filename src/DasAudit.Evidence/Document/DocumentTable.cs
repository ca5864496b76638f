namespace DasAudit.Evidence.Document;

/// <summary>A table; each row has a cell for each column.</summary>
/// <param name="Label">What it shows, for those who hear it.</param>
internal sealed record DocumentTable(
    string Label,
    IReadOnlyList<Column> Columns,
    IReadOnlyList<IReadOnlyList<Content>> Rows
) : Block
{
    /// <summary>How many rows a form with little room shows; the rest says no more of the same.</summary>
    internal int RowsThatSuffice { get; init; } = int.MaxValue;

    internal static DocumentTable Of<T>(string label, IEnumerable<Column<T>> columns, IEnumerable<T> rows)
    {
        var cells = columns.ToList();
        return new(label, cells, [.. rows.Select(row => cells.ConvertAll(column => column.Cell(row)))]);
    }
}
