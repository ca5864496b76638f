namespace DasAudit.Core.Datasets;

/// <summary>One line of metadata as it stands in the file.</summary>
/// <param name="Line">Where the record begins, from 1.</param>
/// <param name="Values">By column name, compared without case.</param>
internal sealed record MetadataRecord(long Line, IReadOnlyDictionary<string, string?> Values)
{
    /// <summary>The columns that are read.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    ["file_name", "license", "rights_holder", "author", "source", "title", "caption", "split", "label"];

    /// <summary>A value without surrounding blanks; null if it is missing or empty.</summary>
    public string? this[string column] =>
        Values.GetValueOrDefault(column)?.Trim() is { Length: > 0 } text ? text : null;
}
