namespace DasAudit.Core.Datasets.Metadata;

/// <summary>The columns of metadata that are looked at; their case does not matter.</summary>
internal static class MetadataColumns
{
    public const string FileName = "file_name";

    private const string FileNameEnding = "_file_name";

    private static readonly HashSet<string> Statements = new(
        ["license", "rights_holder", "author", "source", "title", "split", "label"],
        StringComparer.OrdinalIgnoreCase
    );

    // What people call the column where nothing tells them that datasets wants file_name.
    private static readonly HashSet<string> OtherFileNames = new(
        [
            "filename",
            "file_path",
            "filepath",
            "file",
            "path",
            "image",
            "image_name",
            "image_path",
            "img_path",
            "image_filename",
            "image_file",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether the column can decide anything.</summary>
    public static bool AreRead(string column, CaptionColumns captions) =>
        Statements.Contains(column) || captions.Contains(column) || CanNamePictures(column);

    /// <summary>Whether the column can name pictures.</summary>
    public static bool CanNamePictures(string column) =>
        column.EndsWith(FileNameEnding, StringComparison.OrdinalIgnoreCase)
        || column.Equals(FileName, StringComparison.OrdinalIgnoreCase)
        || OtherFileNames.Contains(column);

    /// <summary>The column that names pictures: file_name, else the only *_file_name, else the only other.</summary>
    /// <param name="columns">All columns of a file or record that <see cref="CanNamePictures"/>.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="AuditException">Several columns could.</exception>
    public static string? NamingPictures(IReadOnlyCollection<string> columns, MetadataPlace place)
    {
        if (columns.FirstOrDefault(column => column.Equals(FileName, StringComparison.OrdinalIgnoreCase)) is { } exact)
            return exact;
        List<string> candidates =
        [
            .. columns.Where(column => column.EndsWith(FileNameEnding, StringComparison.OrdinalIgnoreCase)),
        ];
        if (candidates.Count == 0)
            candidates = [.. columns];
        return candidates.Count switch
        {
            0 => null,
            1 => candidates[0],
            _ => throw place.Wrong(
                $"has several columns that could name the picture ({string.Join(", ", candidates)}); call the one of "
                    + $"the training pictures {FileName}"
            ),
        };
    }
}
