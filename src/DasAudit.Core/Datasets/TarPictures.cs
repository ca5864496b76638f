using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Pictures in tar files, as webdataset writes them: the files of a sample differ in their endings.</summary>
internal sealed class TarPictures : IPackedPictures
{
    private readonly IReadOnlyList<PackedFile> _files;
    private readonly List<TarMember> _members = [];
    private readonly List<SkippedPicture> _skipped = [];
    private readonly PackedRows _rows;
    private IReadOnlyList<string> _rowNotes = [];
    private int _passedOver;

    private TarPictures(IReadOnlyList<PackedFile> files, TrainingSetOptions options)
    {
        _files = files;
        // What stands in a file of its own is what the model was trained with, and holds before what JSON says.
        _rows = new(options, filesFirst: true);
    }

    public IReadOnlyList<PackedPicture> Pictures { get; private set; } = [];

    public IReadOnlyList<SkippedPicture> Skipped => _skipped;

    public IReadOnlyList<string> Notes =>
        _passedOver == 0
            ? _rowNotes
            :
            [
                .. _rowNotes,
                $"{_passedOver} pictures of the tar files stand beside the picture of their sample under a longer "
                    + "ending, such as .seg.png; they were left out.",
            ];

    public IReadOnlyList<CaptionSource> CaptionSources =>
        [CaptionSource.Metadata, CaptionSource.CaptionFile, CaptionSource.TextFile];

    public DatasetCaptions Captions => _rows.Captions;

    /// <summary>Lists the members of tar files, and reads what stands beside the pictures.</summary>
    public static TarPictures Open(
        IReadOnlyList<PackedFile> files,
        TrainingSetOptions options,
        CancellationToken cancellation
    )
    {
        var tars = new TarPictures(files, options);
        for (var i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            tars.Add(TarListing.Read(files[i], options.CaptionColumns), i);
        }

        (tars.Pictures, tars._rowNotes) = tars._rows.Understand();
        return tars;
    }

    public byte[] Read(PackedPicture picture, long pixelLimit)
    {
        var member = _members[picture.Place];
        PictureReader.CheckLength(picture.Path, member.Length, pixelLimit);
        var bytes = new byte[member.Length];
        try
        {
            using var file = File.OpenHandle(_files[picture.Batch].FullPath);
            for (var have = 0; have < bytes.Length; )
            {
                var read = RandomAccess.Read(file, bytes.AsSpan(have), member.Offset + have);
                if (read == 0)
                    throw TarListing.EndsTooEarly(_files[picture.Batch]);
                have += read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"'{picture.Path}' cannot be read ({e.Message}); check the file and its permissions.",
                e
            );
        }

        return bytes;
    }

    private void Add(TarListing listing, int file)
    {
        _skipped.AddRange(listing.Skipped);
        foreach (var sample in listing.Members.GroupBy(member => member.Key))
        {
            var plain = sample.Where(member => !member.Ending.Contains('.', StringComparison.Ordinal)).ToList();
            if (plain.Count > 1)
                throw new AuditException(
                    $"'{listing.File.Path}' holds several pictures of the sample '{sample.Key}' "
                        + $"({string.Join(", ", plain.Select(member => '.' + member.Ending))}), and nothing says which "
                        + "the model saw; write tar files with one picture a sample."
                );
            var pictures = plain.Count > 0 ? plain : [.. sample];
            _passedOver += sample.Count() - pictures.Count;
            var record = listing.RecordOf(sample.Key);
            var captions = listing.CaptionsOf(sample.Key);
            foreach (var member in pictures)
            {
                var split = SplitNames.OfPath(listing.File.Path) ?? SplitNames.OfFolders(member.Name);
                _rows.Add($"{listing.File.Path}#{member.Name}", record, captions, split, file, _members.Count);
                _members.Add(member);
            }
        }
    }
}
