namespace DasAudit.Core.Datasets.Metadata;

/// <summary>The metadata files that are read.</summary>
internal static class MetadataFile
{
    private const string Csv = "metadata.csv";
    private const string JsonLines = "metadata.jsonl";
    private const string Parquet = "metadata.parquet";

    /// <summary>Their names, as Hugging Face's imagefolder has them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Csv, JsonLines, Parquet];

    /// <summary>The records of a file, in its order.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="captions">The columns with captions.</param>
    /// <exception cref="AuditException">The file, or a record, cannot be understood.</exception>
    public static IEnumerable<MetadataRecord> Read(string path, string name, CaptionColumns captions) =>
        Path.GetFileName(name) switch
        {
            Csv => CsvMetadata.Read(path, name, captions),
            JsonLines => JsonLinesMetadata.Read(path, name, captions),
            Parquet => ParquetMetadata.Read(path, name, captions),
            _ => throw new ArgumentException("This is no name of a metadata file.", nameof(name)),
        };
}
