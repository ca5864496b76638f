using System.Globalization;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Pictures in Parquet shards, as Hugging Face's <c>datasets</c> stores them.</summary>
/// <remarks>
/// A row group is read at once: to read one picture costs as much as its whole row group, unless that is one of the
/// last few that were read. <c>datasets</c> writes row groups of 100 rows.
/// </remarks>
internal sealed class ParquetPictures : IPackedPictures
{
    private const int KeptGroups = 2;

    private readonly List<(ParquetShard Shard, int Group)> _groups = [];
    private readonly PackedRows _rows;
    private readonly LinkedList<(int Group, ReadOnlyMemory<byte>?[] Pictures)> _lastRead = [];
    private readonly Lock _reading = new();

    private ParquetPictures(TrainingSetOptions options) => _rows = new(options, filesFirst: false);

    public IReadOnlyList<PackedPicture> Pictures { get; private set; } = [];

    public IReadOnlyList<SkippedPicture> Skipped => [];

    public IReadOnlyList<string> Notes { get; private set; } = [];

    public IReadOnlyList<CaptionSource> CaptionSources => [CaptionSource.Metadata];

    public DatasetCaptions Captions => _rows.Captions;

    /// <summary>Reads what shards say of their pictures, and no picture.</summary>
    public static ParquetPictures Open(
        IReadOnlyList<ParquetShard> shards,
        TrainingSetOptions options,
        CancellationToken cancellation
    )
    {
        var parquet = new ParquetPictures(options);
        foreach (var shard in shards)
        {
            cancellation.ThrowIfCancellationRequested();
            parquet.Add(shard);
        }

        (parquet.Pictures, parquet.Notes) = parquet._rows.Understand();
        return parquet;
    }

    public byte[] Read(PackedPicture picture, long pixelLimit)
    {
        var bytes = ReadGroup(picture.Batch)[picture.Place];
        if (bytes is not { } present)
            throw new AuditException(
                $"'{picture.Path}' holds no picture, at most the name of one; store the pictures in the shards."
            );
        PictureReader.CheckLength(picture.Path, present.Length, pixelLimit);
        return present.ToArray();
    }

    private ReadOnlyMemory<byte>?[] ReadGroup(int group)
    {
        // One at a time: two threads that want the same row group read it once.
        lock (_reading)
        {
            foreach (var read in _lastRead)
                if (read.Group == group)
                    return read.Pictures;
            if (_lastRead.Count == KeptGroups)
                _lastRead.RemoveLast();
            var (shard, number) = _groups[group];
            var pictures = shard.ReadPictures(number);
            _lastRead.AddFirst((group, pictures));
            return pictures;
        }
    }

    private void Add(ParquetShard shard)
    {
        // Padded, so that ordinal order of paths is the order of the rows.
        var last = shard.GroupLengths.Sum(length => (long)length) - 1;
        var format = "D" + last.ToString(CultureInfo.InvariantCulture).Length;
        var split = SplitNames.OfPath(shard.File.Path);
        var row = 0L;
        for (var group = 0; group < shard.GroupLengths.Count; group++)
        {
            var rows = shard.ReadRows(group, row + 1);
            for (var place = 0; place < rows.Count; place++, row++)
            {
                var path = $"{shard.File.Path}#{row.ToString(format, CultureInfo.InvariantCulture)}";
                _rows.Add(path + StepOf(rows[place].Name), rows[place].Record, null, split, _groups.Count, place);
            }

            _groups.Add((shard, group));
        }
    }

    // The last step of the name is the picture's; those before it are folders of the machine that wrote the shard.
    private static string StepOf(string? name)
    {
        var last = name?[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return string.IsNullOrEmpty(last) || last.Any(char.IsControl) ? "" : $"/{last}";
    }
}
