namespace DasAudit.Core.Datasets;

/// <summary>What a folder's metadata say, as in Hugging Face's imagefolder; in sub-folders too.</summary>
/// <remarks>Names are relative to the file. Case of columns, unknown columns and empty values are ignored.</remarks>
internal sealed class MetadataTable
{
    private readonly Dictionary<string, PictureMetadata> _pictures = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private readonly List<string> _captionNotes = [];

    private MetadataTable(bool isThere) => IsThere = isThere;

    /// <summary>Whether the folder has metadata.</summary>
    public bool IsThere { get; }

    /// <summary>What was decided without being asked for.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What was decided of captions.</summary>
    public IReadOnlyList<string> CaptionNotes => _captionNotes;

    /// <summary>What they say of a picture; null if they do not list it.</summary>
    public PictureMetadata? Of(string path) => _pictures.GetValueOrDefault(path);

    /// <summary>Reads the metadata that the folder has; an empty table if it has none.</summary>
    /// <param name="shown">What messages call the folder.</param>
    /// <exception cref="AuditException">They cannot be understood, or contradict themselves.</exception>
    public static MetadataTable Read(string shown, PictureFolder folder, TrainingSetOptions options)
    {
        var filesByFolder = folder.MetadataFiles.GroupBy(Path.GetDirectoryName);
        if (filesByFolder.FirstOrDefault(files => files.Count() > 1) is { } doubled)
            throw new AuditException(
                $"'{Path.Combine(shown, doubled.Key!)}' has both {Path.GetFileName(doubled.ElementAt(1))} and "
                    + $"{Path.GetFileName(doubled.First())}; keep one of them."
            );
        var table = new MetadataTable(folder.MetadataFiles.Count > 0);
        table.Add(new MetadataRows(folder, options.CaptionColumns), options.NumbersClasses);
        return table;
    }

    private void Add(MetadataRows rows, bool numbersClasses)
    {
        var labels = ClassLabels.Of(
            rows.All.Values.Where(row => row.Label is not null).Select(row => (row.Label!, row.Place)),
            numbersClasses
        );
        foreach (var (picture, row) in rows.All)
            _pictures.Add(
                picture,
                labels.IndexOf(row.Label) is { } label ? row.Metadata with { Label = label } : row.Metadata
            );
        _notes.AddRange(rows.Notes);
        _notes.AddRange(labels.Notes);
        _captionNotes.AddRange(rows.CaptionNotes);
    }
}
