namespace DasAudit.Evidence.Document;

internal record Column(string Header, ColumnKind Kind)
{
    /// <summary>Whether the heading comes from a file.</summary>
    internal bool IsForeign { get; init; }
}

/// <summary>A column, and how its cell is made of what a row is about.</summary>
internal sealed record Column<T>(string Header, Func<T, Content> Cell, ColumnKind Kind = ColumnKind.Text)
    : Column(Header, Kind);

/// <summary>What a column holds, which decides how it is aligned; words, numbers and ranks are never broken.</summary>
internal enum ColumnKind
{
    Text,
    Word,
    File,
    Number,
    Rank,
}
