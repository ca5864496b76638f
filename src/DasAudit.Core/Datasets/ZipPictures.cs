using System.IO.Compression;
using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Pictures in zip files, with metadata beside them that name pictures as if unpacked there.</summary>
internal sealed class ZipPictures : IPackedPictures
{
    private readonly List<ZipArchiveEntry> _entries = [];
    private readonly List<(PackedPicture Picture, string Unpacked)> _found = [];
    private readonly Dictionary<string, ZipArchiveEntry> _captions = new(StringComparer.Ordinal);
    private readonly List<SkippedPicture> _skipped = [];
    private readonly List<string> _notes = [];
    private readonly Lock _reading = new();

    private ZipPictures() { }

    public IReadOnlyList<PackedPicture> Pictures { get; private set; } = [];

    public IReadOnlyList<SkippedPicture> Skipped => _skipped;

    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<CaptionSource> CaptionSources =>
        [CaptionSource.Metadata, CaptionSource.CaptionFile, CaptionSource.TextFile];

    public DatasetCaptions Captions { get; private set; } = DatasetCaptions.None;

    /// <summary>Lists the entries of zip files, and reads the metadata beside them.</summary>
    /// <param name="shown">What messages call the dataset.</param>
    /// <param name="folder">The folder in which they lie, with its metadata files.</param>
    public static ZipPictures Open(
        string shown,
        PictureFolder folder,
        IReadOnlyList<PackedFile> files,
        TrainingSetOptions options
    )
    {
        var zips = new ZipPictures();
        foreach (var file in files)
            zips.Add(file);
        string[] unpacked = [.. zips._found.Select(found => found.Unpacked).Distinct().Order(StringComparer.Ordinal)];
        var table = MetadataTable.Read(shown, folder with { Pictures = unpacked }, options);
        zips._notes.AddRange(table.Notes);
        var choice = CaptionChoice.Of(options, filesFirst: false);
        zips.Pictures =
        [
            .. zips
                ._found.Select(found => Describe(found.Picture, table.Of(found.Unpacked)))
                .OrderBy(picture => picture.Path, StringComparer.Ordinal)
                .Select(picture => zips.WithCaption(picture, choice)),
        ];
        zips.Captions = new(choice.Unreadable, [.. table.CaptionNotes, .. choice.Notes]);
        return zips;
    }

    public byte[] Read(PackedPicture picture, long pixelLimit)
    {
        var entry = _entries[picture.Place];
        PictureReader.CheckLength(picture.Path, entry.Length, pixelLimit);
        var bytes = new byte[entry.Length];
        try
        {
            // An archive has one position.
            lock (_reading)
            {
                using var stream = entry.Open();
                stream.ReadExactly(bytes);
                if (stream.ReadByte() < 0)
                    return bytes;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new AuditException($"'{picture.Path}' cannot be unpacked ({e.Message}); pack it again.", e);
        }

        throw new AuditException($"'{picture.Path}' unpacks to more bytes than the zip file says; pack it again.");
    }

    private static PackedPicture Describe(PackedPicture picture, PictureMetadata? stated) =>
        stated is null
            ? picture
            : picture with
            {
                Metadata = stated with { Split = stated.Split ?? picture.Metadata.Split },
            };

    private PackedPicture WithCaption(PackedPicture picture, CaptionChoice choice)
    {
        var stem = FolderCaptions.StemOf(picture.Path);
        var stated = new StatedCaptions(
            picture.Path,
            picture.Metadata.Caption,
            CaptionAt(stem + FolderCaptions.CaptionEnding),
            CaptionAt(stem + FolderCaptions.TextEnding)
        );
        return picture with { Metadata = choice.Choose(stated, picture.Metadata) };
    }

    private CaptionFile? CaptionAt(string path)
    {
        if (!_captions.TryGetValue(path, out var entry))
            return null;
        if (entry.Length > CaptionFile.LongestBytes)
            return CaptionFile.TooLong(path, entry.Length);
        try
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return CaptionFile.FirstLineOf(path, bytes);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new AuditException($"'{path}' cannot be unpacked ({e.Message}); pack it again.", e);
        }
    }

    private void Add(PackedFile file)
    {
        var folder = file.Path[..(file.Path.LastIndexOf('/') + 1)];
        foreach (var entry in OpenArchive(file).Entries)
        {
            var name = entry.FullName.Replace('\\', '/');
            var steps = name.Split('/');
            if (steps.Any(step => (step.StartsWith('.') && step != "..") || step == "__MACOSX"))
                continue;
            if (MetadataFile.Names.Contains(entry.Name))
                _notes.Add($"'{file.Path}' holds {name}, which is not read; put it beside the zip file.");
            var path = $"{file.Path}#{name}";
            if (FolderCaptions.CanHold(name))
                _captions.TryAdd(path, entry);
            if (!PictureFormat.LooksLikePicture(name))
                continue;
            if (name.StartsWith('/') || steps.Contains(".."))
            {
                _skipped.Add(new(path, $"'{path}' has a name that leads out of the zip file; pack it again."));
                continue;
            }

            var split = SplitNames.OfPath(file.Path) ?? SplitNames.OfFolders(name);
            var metadata = split is null ? PictureMetadata.None : new() { Split = split };
            _found.Add((new(path, metadata, 0, _entries.Count), folder + name));
            _entries.Add(entry);
        }
    }

    private static ZipArchive OpenArchive(PackedFile file)
    {
        var stream = file.Open();
        try
        {
            // Stays open as long as pictures are read. The entries are listed now, since that is what finds damage.
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            _ = archive.Entries;
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IOException)
        {
            stream.Dispose();
            throw new AuditException($"'{file.Path}' is damaged or no zip file ({e.Message}); fetch it again.", e);
        }
    }
}
