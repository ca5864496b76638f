using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>Collects what packed files say of their pictures, which is understood together.</summary>
/// <param name="filesFirst">Whether caption files hold before metadata.</param>
internal sealed class PackedRows(TrainingSetOptions options, bool filesFirst)
{
    private readonly CaptionChoice _captions = CaptionChoice.Of(options, filesFirst);
    private readonly OtherCaptions _otherCaptions = new();
    private readonly SharedTexts _shared = new();
    private readonly List<(PackedPicture Picture, MetadataRow? Row)> _rows = [];

    /// <summary>Adds a picture.</summary>
    /// <param name="path">See <see cref="PackedPicture"/>.</param>
    /// <param name="record">What is said of it; null for nothing.</param>
    /// <param name="captions">The caption files beside it; null for none.</param>
    /// <param name="split">The split that names state; what is said of the picture holds before it.</param>
    public void Add(string path, MetadataRecord? record, TarCaptions? captions, string? split, int batch, int place)
    {
        var row = record is null ? null : MetadataRow.Of(record, options.CaptionColumns, _shared);
        if (row is { StatesOtherCaptions: true })
            _otherCaptions.Add(path);
        var metadata = row?.Metadata ?? PictureMetadata.None;
        var stated = new StatedCaptions(path, metadata.Caption, captions?.CaptionFile, captions?.TextFile);
        metadata = _captions.Choose(stated, metadata);
        if (metadata.Split is null && split is not null)
            metadata = metadata with { Split = split };
        _rows.Add((new(path, metadata, batch, place), row));
    }

    /// <summary>How the captions were had.</summary>
    public DatasetCaptions Captions => new(_captions.Unreadable, [.. _otherCaptions.Notes, .. _captions.Notes]);

    /// <summary>All pictures in ordinal order of path, and what was decided without being asked for.</summary>
    public (IReadOnlyList<PackedPicture> Pictures, IReadOnlyList<string> Notes) Understand()
    {
        var labelled = _rows.Where(row => row.Row?.Label is not null);
        var labels = ClassLabels.Of(labelled.Select(row => (row.Row!.Label!, row.Row.Place)), options.NumbersClasses);
        var pictures = new List<PackedPicture>(_rows.Count);
        foreach (var (picture, row) in _rows)
        {
            var label = labels.IndexOf(row?.Label);
            var metadata = label is null ? picture.Metadata : picture.Metadata with { Label = label };
            pictures.Add(picture with { Metadata = metadata });
        }

        _rows.Clear();
        pictures.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return (pictures, labels.Notes);
    }
}
