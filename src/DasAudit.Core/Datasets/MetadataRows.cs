using System.Globalization;
using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>The metadata of a folder, a row for each picture that they name.</summary>
internal sealed class MetadataRows
{
    private readonly Dictionary<string, MetadataRow> _rows = new(StringComparer.Ordinal);
    private readonly SharedTexts _shared = new();
    private readonly PictureNames _names;
    private readonly CaptionColumns _captions;
    private readonly SortedSet<string> _unusualColumns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);
    private readonly OtherCaptions _otherCaptions = new();

    /// <summary>Reads all metadata files.</summary>
    /// <exception cref="AuditException">They cannot be understood, or contradict themselves.</exception>
    /// <param name="captions">The columns with captions.</param>
    public MetadataRows(PictureFolder folder, CaptionColumns captions)
    {
        _names = new(folder);
        _captions = captions;
        foreach (var file in folder.MetadataFiles)
        foreach (var record in MetadataFile.Read(Path.Combine(folder.Root, file), file, captions))
            Add(record);
    }

    /// <summary>The rows by the path of their picture.</summary>
    public IReadOnlyDictionary<string, MetadataRow> All => _rows;

    /// <summary>What was decided without being asked for.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            foreach (var column in _unusualColumns)
                yield return $"The metadata have no column {MetadataColumns.FileName}; the column {column} was taken "
                    + "for it.";
            foreach (var note in _names.Notes)
                yield return note;
            if (_repeated.Count > 0)
                yield return $"{Count(_repeated.Count)} in the metadata several times, first '{_repeated.First()}'; of "
                    + "several captions the first was taken.";
        }
    }

    /// <summary>What was decided of captions.</summary>
    public IEnumerable<string> CaptionNotes => _otherCaptions.Notes;

    private static string Count(int pictures) =>
        pictures == 1 ? "1 picture stands" : string.Create(CultureInfo.InvariantCulture, $"{pictures} pictures stand");

    private void Add(MetadataRecord record)
    {
        var picture = _names.Find(FileName(record), record.Place);
        var row = MetadataRow.Of(record, _captions, _shared);
        if (row.StatesOtherCaptions)
            _otherCaptions.Add(picture);
        if (_rows.TryGetValue(picture, out var first))
        {
            row = first.With(row, picture);
            _repeated.Add(picture);
        }

        _rows[picture] = row;
    }

    private string FileName(MetadataRecord record)
    {
        var columns = record.Fields.Select(field => field.Column).Where(MetadataColumns.CanNamePictures);
        var column = MetadataColumns.NamingPictures([.. columns], record.Place);
        if (column is null || record.Single(column) is not { } name)
            throw record.Place.Wrong(
                $"has no {MetadataColumns.FileName}; name the picture that the {record.Place.Unit} is about"
            );
        if (!column.Equals(MetadataColumns.FileName, StringComparison.OrdinalIgnoreCase))
            _unusualColumns.Add(column);
        return name;
    }
}
