using System.Globalization;
using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>Files that look like metadata and are not read.</summary>
internal static class UnreadMetadata
{
    private const int MostNamed = 5;

    private static readonly HashSet<string> TableExtensions = new(
        [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".xlsx", ".xls", ".ods"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly HashSet<string> TextExtensions = new(
        [".json", ".txt", ".yaml", ".yml", ".xml", ".tsv", ".pkl", ".npy", ".mat"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly string[] TextNames =
    [
        "metadata",
        "caption",
        "label",
        "annotation",
        "instances",
        "dataset",
        "prompts",
        "class",
    ];

    /// <summary>Whether a file's name promises statements on pictures.</summary>
    public static bool Is(string name)
    {
        var extension = Path.GetExtension(name);
        return TableExtensions.Contains(extension)
            || (
                TextExtensions.Contains(extension)
                && Array.Exists(TextNames, text => name.Contains(text, StringComparison.OrdinalIgnoreCase))
            );
    }

    /// <summary>What is said of them.</summary>
    /// <param name="paths">At least one.</param>
    public static string Note(IReadOnlyCollection<string> paths)
    {
        var names = paths.Order(StringComparer.Ordinal).Take(MostNamed).Select(path => $"'{path}'");
        var more =
            paths.Count > MostNamed
                ? $" and {(paths.Count - MostNamed).ToString(CultureInfo.InvariantCulture)} more"
                : "";
        var (look, are) = paths.Count == 1 ? ("looks", "is") : ("look", "are");
        return $"{string.Join(", ", names)}{more} {look} like metadata and {are} not read; only "
            + $"{string.Join(", ", MetadataFile.Names)} are, with the column {MetadataColumns.FileName}.";
    }
}
