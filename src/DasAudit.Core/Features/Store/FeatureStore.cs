using DasAudit.Core.Files;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// Features kept in a folder: <c>features.json</c> with the settings that they depend on, and shards
/// <c>0123456789abcdef.safetensors</c>, each whole or not there at all. Files of other names are left alone. Reading is
/// thread-safe; adding is not, but several processes may add to one folder at once. A folder that cannot be written to,
/// such as a read-only share, can have a second folder beside it, which takes what is added. Folders whose features are
/// of further kinds too can be read beside it.
/// </summary>
public sealed class FeatureStore
{
    /// <summary>Part of the name of a folder with what a folder that cannot be written to lacked.</summary>
    internal const string Added = "-added-";

    private readonly StoreFolder _folder;
    private readonly StoreFolder? _additions;
    private readonly Action<string, Action<Stream>> _write;
    private readonly List<FeatureShard> _shards = [];
    private readonly Dictionary<FeatureKey, (FeatureShard Shard, int Position)> _places = [];
    private string? _datasetRoot;
    private StoreFolder _target;

    private FeatureStore(
        StoreFolder folder,
        string? additions,
        FeatureSettings settings,
        FeatureFormat? format,
        Action<string, Action<Stream>> write,
        IReadOnlyList<WiderFolder> wider
    )
    {
        _folder = folder;
        _target = folder;
        Settings = settings;
        _write = write;
        var settingsFile = folder.ReadSettings();
        if (settingsFile?.Settings.Difference(settings) is { } difference)
            throw MadeWith(difference);
        var keptFormat = settingsFile?.Format;
        IncludeAll(folder, settings, ref keptFormat);
        foreach (var source in wider.Where(source => (keptFormat ?? source.Format) == source.Format))
            IncludeAll(source.Folder, source.Settings, ref keptFormat);
        Format = format ?? keptFormat ?? FeatureFormat.F32;
        if (keptFormat is { } kept && kept != Format)
            throw MadeWith($"the number format {NameOf(kept)}, not {NameOf(Format)}");
        if (additions is null)
            return;
        var added = Path.Combine(additions, $"{settings.FolderName()}{Added}{NameOf(Format)}");
        _additions = new(added, added);
        keptFormat = Format;
        IncludeAll(_additions, settings, ref keptFormat);
    }

    /// <summary>What the features depend on.</summary>
    public FeatureSettings Settings { get; }

    /// <summary>How values are kept.</summary>
    public FeatureFormat Format { get; }

    /// <summary>The folder as someone wrote it.</summary>
    public string Folder => _folder.Shown;

    /// <summary>Where added features go: the folder, or after <see cref="Prepare"/> the one for additions.</summary>
    public string Target => _target.Shown;

    /// <summary>Number of pictures.</summary>
    public int Count => _places.Count;

    /// <summary>Bytes of all shards.</summary>
    public long Bytes => _shards.Sum(shard => shard.Bytes);

    /// <summary>k, the length of a feature; null while the store is empty.</summary>
    public int? Dimension => _shards.FirstOrDefault()?.Dimension;

    /// <summary>Opens a store, which may not exist yet: nothing is written before <see cref="Prepare"/>.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="format">How values shall be kept; null for as they are, and float32 in a new store.</param>
    /// <param name="shown">The folder as someone wrote it, for messages; null for <paramref name="folder"/>.</param>
    /// <param name="additions">
    /// Absolute path of a folder with a folder for what is added where <paramref name="folder"/> holds features and
    /// cannot be written to; null for none.
    /// </param>
    /// <exception cref="AuditException">It was made under other settings, is damaged or cannot be read.</exception>
    public static FeatureStore Open(
        string folder,
        FeatureSettings settings,
        FeatureFormat? format = null,
        string? shown = null,
        string? additions = null
    ) => Open(folder, settings, format, shown, AtomicFile.Write, additions);

    /// <summary>Opens a store beside which folders with further kinds are read.</summary>
    internal static FeatureStore Open(
        string folder,
        FeatureSettings settings,
        string shown,
        string? additions,
        IReadOnlyList<WiderFolder> wider
    ) => new(new(folder, shown), additions, settings, format: null, AtomicFile.Write, wider);

    /// <summary>Opens a store that writes its shards in another way.</summary>
    internal static FeatureStore Open(
        string folder,
        FeatureSettings settings,
        FeatureFormat? format,
        string? shown,
        Action<string, Action<Stream>> write,
        string? additions = null
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        return new(new(folder, shown ?? folder), additions, settings, format, write, []);
    }

    /// <summary>Whether the features of a picture are here.</summary>
    public bool Contains(FeatureKey key) => _places.ContainsKey(key);

    /// <summary>
    /// Makes the store ready for adding: makes its folder, tries whether it can be written to, and removes what killed
    /// processes left half-written. <c>features.json</c> comes with the first shard.
    /// </summary>
    /// <param name="datasetRoot">See <see cref="Datasets.MerkleRoot"/>; for information; null for none.</param>
    /// <exception cref="AuditException">The folder cannot be written to.</exception>
    public void Prepare(string? datasetRoot)
    {
        _datasetRoot = datasetRoot;
        if (_additions is not null && Count > 0 && !_folder.IsWritable())
            _target = _additions;
        _target.Prepare();
    }

    internal void RemoveIfEmpty() => _target.RemoveIfEmpty();

    /// <summary>Reads the features of a picture.</summary>
    /// <exception cref="AuditException">They are not here, or their shard is damaged.</exception>
    public PictureFeatures Read(FeatureKey key) => Read([key])[0];

    /// <summary>Reads the features of pictures, in their order.</summary>
    /// <inheritdoc cref="Read(FeatureKey)"/>
    public IReadOnlyList<PictureFeatures> Read(IReadOnlyList<FeatureKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return ReadEach(keys, (shard, positions) => shard.Read(positions));
    }

    /// <summary>Reads one row of a kind of many pictures as it is kept.</summary>
    /// <param name="keys">n pictures; fastest in the order in which they were added.</param>
    /// <param name="values">Filled with n rows of k float32 or float16 values, in the order of the pictures.</param>
    internal void ReadStored(
        FeatureKind kind,
        int row,
        IReadOnlyList<FeatureKey> keys,
        Span<byte> values,
        Span<float> scales
    )
    {
        foreach (var (shard, pictures) in ByShard(keys))
            shard.ReadStored(kind, row, pictures, values, scales);
    }

    /// <summary>Reads a float64 tensor (see <see cref="ShardTensors"/>) of pictures, [R][K] each.</summary>
    internal double[][][] ReadNumbers(string tensor, IReadOnlyList<FeatureKey> keys) =>
        ReadEach(keys, (shard, positions) => shard.ReadNumbers(tensor, positions));

    internal void CheckRow(FeatureKind kind, int row)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (Settings.RowsOf(kind) == 0)
            throw new ArgumentException($"The store has no kind {kind}.", nameof(kind));
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Settings.RowsOf(kind));
    }

    /// <summary>Verifies the checksums of the shards that hold some pictures, each once.</summary>
    internal void Verify(
        IReadOnlyList<FeatureKey> keys,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var shards = ByShard(keys).Select(group => group.Shard).ToList();
        foreach (var (verified, shard) in shards.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            shard.Verify();
            progress?.Report(new("checking features", verified + 1, shards.Count));
        }
    }

    /// <summary>Adds pictures, at least one and none here yet, as one shard; a failure leaves nothing of it.</summary>
    internal void Add(IReadOnlyList<StoredPicture> pictures)
    {
        var writer = new ShardWriter(pictures, Format, Settings.Digest);
        var path = _target.PathOf(writer.FileName);
        try
        {
            _target.WriteSettings(Settings, Format, _datasetRoot);
            _write(path, writer.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"Features cannot be written to '{_target.Shown}' ({StoreFolder.Reason(e)}), "
                    + $"and those of {Count} pictures are kept there; make room and run the same command again.",
                e
            );
        }

        Include(FeatureShard.Open(path, _target.ShownPathOf(writer.FileName), Settings));
    }

    private void IncludeAll(StoreFolder folder, FeatureSettings settings, ref FeatureFormat? format)
    {
        foreach (var name in folder.ShardNames())
        {
            var shard = FeatureShard.Open(folder.PathOf(name), folder.ShownPathOf(name), settings);
            format ??= shard.Format;
            if (format != shard.Format)
                throw MixedFormats(folder, name);
            Include(shard);
        }
    }

    private T[] ReadEach<T>(
        IReadOnlyList<FeatureKey> keys,
        Func<FeatureShard, IEnumerable<int>, IEnumerable<T>> readPositions
    )
    {
        var values = new T[keys.Count];
        foreach (var (shard, pictures) in ByShard(keys))
        {
            var shardValues = readPositions(shard, pictures.Select(picture => picture.Position));
            foreach (var (picture, value) in pictures.Zip(shardValues))
                values[picture.Target] = value;
        }

        return values;
    }

    // Of two shards with the same picture the first by name counts, so that all processes read the same.
    private void Include(FeatureShard shard)
    {
        if (_shards.Count > 0 && _shards[0].Dimension != shard.Dimension)
            throw new InvalidOperationException("Features of one setting differ in length.");
        _shards.Add(shard);
        foreach (var (position, key) in shard.Keys.Index())
            _places.TryAdd(key, (shard, position));
    }

    private IEnumerable<(FeatureShard Shard, List<(int Position, int Target)> Pictures)> ByShard(
        IReadOnlyList<FeatureKey> keys
    ) =>
        keys.Index()
            .GroupBy(key => PlaceOf(key.Item).Shard, key => (PlaceOf(key.Item).Position, Target: key.Index))
            .Select(group => (group.Key, group.ToList()));

    private (FeatureShard Shard, int Position) PlaceOf(FeatureKey key) =>
        _places.TryGetValue(key, out var place)
            ? place
            : throw new AuditException(
                $"'{_folder.Shown}' holds no features of the picture with the key {key}; compute them first."
            );

    private static string NameOf(FeatureFormat format) => format == FeatureFormat.F32 ? "f32" : "f16";

    private AuditException MadeWith(string difference) =>
        new(
            $"The features in '{_folder.Shown}' were made with {difference}; "
                + "give another folder, or the settings they were made with."
        );

    private static AuditException MixedFormats(StoreFolder folder, string shard) =>
        new(
            $"'{folder.ShownPathOf(shard)}' keeps its features in another number format than the folder it lies in; "
                + "move it to a folder of its own."
        );
}
