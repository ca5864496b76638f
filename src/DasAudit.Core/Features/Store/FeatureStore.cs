using System.Text.RegularExpressions;
using DasAudit.Abstractions;
using DasAudit.Core.Files;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// Features kept in a folder: <c>features.json</c> with the settings that they depend on, and shards <c>0123456789abcdef.safetensors</c>,
/// each whole or not there at all. Files of other names are left alone. Reading is thread-safe; adding is not, but several processes may
/// add to one folder at once.
/// </summary>
public sealed partial class FeatureStore
{
    private readonly string _folder;
    private readonly string _shown;
    private readonly SettingsFile? _found;
    private readonly Action<string, Action<Stream>> _write;
    private readonly List<FeatureShard> _shards = [];
    private readonly Dictionary<FeatureKey, (FeatureShard Shard, int Row)> _index = [];
    private string? _datasetRoot;

    private FeatureStore(
        string folder,
        string shown,
        FeatureSettings settings,
        FeatureFormat? format,
        Action<string, Action<Stream>> write
    )
    {
        (_folder, _shown, Settings, _write) = (folder, shown, settings, write);
        if (File.Exists(folder))
            throw new AuditException($"'{shown}' is a file, where a folder for features is wanted; give another path.");
        _found = SettingsFile.Read(folder, shown);
        if (_found?.Settings.Difference(settings) is { } difference)
            throw Wrong(difference);
        foreach (var path in Shards())
        {
            var shard = FeatureShard.Open(path, Path.Combine(shown, Path.GetFileName(path)), settings);
            if ((_found?.Format ?? _shards.FirstOrDefault()?.Format ?? shard.Format) != shard.Format)
                throw MixedFormats(path);
            Include(shard);
        }

        var kept = _found?.Format ?? _shards.FirstOrDefault()?.Format;
        Format = format ?? kept ?? FeatureFormat.F32;
        if (kept is { } other && other != Format)
            throw Wrong($"the number format {Name(other)}, not {Name(Format)}");
    }

    /// <summary>What the features depend on.</summary>
    public FeatureSettings Settings { get; }

    /// <summary>How values are kept.</summary>
    public FeatureFormat Format { get; }

    /// <summary>Number of pictures.</summary>
    public int Count => _index.Count;

    /// <summary>Bytes of all shards.</summary>
    public long Bytes => _shards.Sum(shard => shard.Bytes);

    /// <summary>k, the length of a feature; null while the store is empty.</summary>
    public int? Dimension => _shards.FirstOrDefault()?.Dimension;

    /// <summary>The pictures, in the order in which they lie on the disk: reading them in this order is fastest.</summary>
    public IEnumerable<FeatureKey> Keys => _index.Keys;

    /// <summary>Opens a store, which may not exist yet: nothing is written before <see cref="Prepare"/>.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="settings">What the features shall depend on.</param>
    /// <param name="format">How values shall be kept; null for as they are, and float32 in a new store.</param>
    /// <param name="shown">The folder as someone wrote it, for messages; null for <paramref name="folder"/>.</param>
    /// <exception cref="AuditException">It was made under other settings, is damaged or cannot be read.</exception>
    public static FeatureStore Open(
        string folder,
        FeatureSettings settings,
        FeatureFormat? format = null,
        string? shown = null
    ) => Open(folder, settings, format, shown, AtomicFile.Write);

    /// <summary>Opens a store that writes its shards in another way.</summary>
    internal static FeatureStore Open(
        string folder,
        FeatureSettings settings,
        FeatureFormat? format,
        string? shown,
        Action<string, Action<Stream>> write
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        return new(folder, shown ?? folder, settings, format, write);
    }

    /// <summary>Whether the features of a picture are here.</summary>
    public bool Contains(FeatureKey key) => _index.ContainsKey(key);

    /// <summary>
    /// Makes the store ready for adding: makes its folder, tries whether it can be written to, and removes what killed processes left
    /// half-written. <c>features.json</c> comes with the first shard.
    /// </summary>
    /// <param name="datasetRoot">See <see cref="Datasets.MerkleRoot"/>; for information; null for none.</param>
    /// <exception cref="AuditException">The folder cannot be written to.</exception>
    public void Prepare(string? datasetRoot)
    {
        _datasetRoot = datasetRoot;
        try
        {
            Directory.CreateDirectory(_folder);
            foreach (
                var path in Directory.GetFiles(_folder).Where(path => LeftoverName().IsMatch(Path.GetFileName(path)))
            )
                RemoveIfLeft(path);
            using (
                new FileStream(
                    Path.Combine(_folder, $"{SettingsFile.Name}.{Guid.NewGuid():n}.tmp"),
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.None,
                    1,
                    FileOptions.DeleteOnClose
                )
            ) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The folder for features '{_shown}' cannot be written to ({Reason(e)}); give another folder, or make room and allow writing there.",
                e
            );
        }
    }

    /// <summary>Removes the folder again if nothing came into it.</summary>
    internal void RemoveIfEmpty()
    {
        try
        {
            if (Directory.Exists(_folder))
                Directory.Delete(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Reads the features of a picture.</summary>
    /// <exception cref="AuditException">They are not here, or their shard is damaged.</exception>
    public PictureFeatures Read(FeatureKey key) => Read([key])[0];

    /// <summary>Reads the features of pictures.</summary>
    /// <returns>One each, in their order.</returns>
    /// <inheritdoc cref="Read(FeatureKey)"/>
    public IReadOnlyList<PictureFeatures> Read(IReadOnlyList<FeatureKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return ReadEach(keys, (shard, rows) => shard.Read(rows));
    }

    /// <summary>Reads one row of a kind of many pictures as a matrix.</summary>
    /// <param name="kind">One of the store's kinds.</param>
    /// <param name="row">Which of its rows, from 0: the noise draw r, or r·K + j for timestep j of a kind kept apart.</param>
    /// <param name="keys">n pictures; fastest in the order of <see cref="Keys"/>.</param>
    /// <param name="values">Filled with n rows of k values, in the order of the pictures.</param>
    /// <exception cref="ArgumentException">The store has no such kind or row, or the values are too few or too many.</exception>
    /// <exception cref="AuditException">A picture is not here, or its shard is damaged.</exception>
    public void ReadRows(FeatureKind kind, int row, IReadOnlyList<FeatureKey> keys, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        CheckRow(kind, row);
        if (values.Length != keys.Count * (long)(Dimension ?? 0))
            throw new ArgumentException(
                $"{values.Length} values do not hold {keys.Count} rows of {Dimension}.",
                nameof(values)
            );
        foreach (var (shard, places) in ByShard(keys))
            shard.Read(kind, row, places, values);
    }

    /// <summary>Reads one row of a kind of many pictures as it is kept.</summary>
    /// <param name="kind">One of the store's kinds.</param>
    /// <param name="row">See <see cref="ReadRows"/>.</param>
    /// <param name="keys">The pictures.</param>
    /// <param name="values">Filled with k float32 or float16 values a picture.</param>
    /// <param name="scales">Filled with the factor of each picture.</param>
    /// <exception cref="AuditException">A picture is not here, or its shard is damaged.</exception>
    internal void ReadStored(
        FeatureKind kind,
        int row,
        IReadOnlyList<FeatureKey> keys,
        Span<byte> values,
        Span<float> scales
    )
    {
        foreach (var (shard, places) in ByShard(keys))
            shard.ReadStored(kind, row, places, values, scales);
    }

    /// <summary>Reads (1/d)·‖ε̂ − y‖² of pictures, [R][K] each.</summary>
    /// <inheritdoc cref="Read(FeatureKey)"/>
    internal double[][][] ReadSquaredErrors(IReadOnlyList<FeatureKey> keys) =>
        ReadEach(keys, (shard, rows) => shard.ReadSquaredErrors(rows));

    /// <summary>Reads ‖g_t‖ of an output function of pictures, [R][K] each.</summary>
    /// <inheritdoc cref="Read(FeatureKey)"/>
    internal double[][][] ReadGradientNorms(string function, IReadOnlyList<FeatureKey> keys) =>
        ReadEach(keys, (shard, rows) => shard.ReadGradientNorms(function, rows));

    /// <summary>Reads vᵀỹ_t of an output function of pictures that has tangent targets, [R][K] each.</summary>
    /// <inheritdoc cref="Read(FeatureKey)"/>
    internal double[][][] ReadTangentTargets(string function, IReadOnlyList<FeatureKey> keys) =>
        ReadEach(keys, (shard, rows) => shard.ReadTangentTargets(function, rows));

    /// <summary>Makes sure that the store keeps a row.</summary>
    /// <exception cref="ArgumentException">The store has no such kind or row.</exception>
    internal void CheckRow(FeatureKind kind, int row)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (Settings.RowsOf(kind) == 0)
            throw new ArgumentException($"The store has no kind {kind}.", nameof(kind));
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Settings.RowsOf(kind));
    }

    /// <summary>Verifies the checksums of the shards that hold some pictures, those that were not read before.</summary>
    /// <exception cref="AuditException">A picture is not here, or a shard is damaged.</exception>
    internal void Verify(
        IReadOnlyList<FeatureKey> keys,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var shards = ByShard(keys).Select(found => found.Shard).ToList();
        foreach (var (done, shard) in shards.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            shard.Verify();
            progress?.Report(new("checking features", done + 1, shards.Count));
        }
    }

    /// <summary>Adds pictures as one shard.</summary>
    /// <param name="pictures">At least one; none of them here.</param>
    /// <exception cref="AuditException">The shard cannot be written; nothing of it is left.</exception>
    internal void Add(IReadOnlyList<StoredPicture> pictures)
    {
        var writer = new ShardWriter(pictures, Format, Settings.Digest);
        var path = Path.Combine(_folder, writer.FileName);
        try
        {
            if (!File.Exists(Path.Combine(_folder, SettingsFile.Name)))
                SettingsFile.Write(_folder, Settings, Format, _datasetRoot);
            _write(path, writer.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"Features cannot be written to '{_shown}' ({Reason(e)}), and those of {Count} pictures are kept there; make room and run the same command again.",
                e
            );
        }

        Include(FeatureShard.Open(path, Path.Combine(_shown, writer.FileName), Settings));
    }

    private static string Name(FeatureFormat format) => format == FeatureFormat.F32 ? "f32" : "f16";

    private static string Reason(Exception e) => e.Message.Split(" : '")[0].TrimEnd('.');

    // A file that its writer still holds open is locked.
    private static void RemoveIfLeft(string path)
    {
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                File.Delete(path);
        }
        catch (IOException) { }
    }

    private IEnumerable<string> Shards()
    {
        try
        {
            return Directory.Exists(_folder)
                ? Directory
                    .GetFiles(_folder)
                    .Where(path => ShardName().IsMatch(Path.GetFileName(path)))
                    .Order(StringComparer.Ordinal)
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The folder for features '{_shown}' cannot be read; check its permissions, or give another folder.",
                e
            );
        }
    }

    private T[] ReadEach<T>(IReadOnlyList<FeatureKey> keys, Func<FeatureShard, IReadOnlyList<int>, IEnumerable<T>> read)
    {
        var all = new T[keys.Count];
        foreach (var (shard, places) in ByShard(keys))
        {
            foreach (var (place, own) in places.Zip(read(shard, [.. places.Select(place => place.Row)])))
                all[place.Target] = own;
        }

        return all;
    }

    // Of two shards with the same picture the first by name counts, so that all processes read the same.
    private void Include(FeatureShard shard)
    {
        if (_shards.Count > 0 && _shards[0].Dimension != shard.Dimension)
            throw new InvalidOperationException("Features of one setting differ in length.");
        _shards.Add(shard);
        foreach (var (row, key) in shard.Keys.Index())
            _index.TryAdd(key, (shard, row));
    }

    private IEnumerable<(FeatureShard Shard, List<(int Row, int Target)> Places)> ByShard(
        IReadOnlyList<FeatureKey> keys
    ) =>
        keys.Select(
                (key, target) =>
                    (Place: _index.TryGetValue(key, out var place) ? place : throw Missing(key), Target: target)
            )
            .GroupBy(found => found.Place.Shard)
            .Select(group => (group.Key, group.Select(found => (found.Place.Row, found.Target)).ToList()));

    private AuditException Missing(FeatureKey key) =>
        new($"'{_shown}' holds no features of the picture with the key {key}; compute them first.");

    private AuditException Wrong(string difference) =>
        new(
            $"The features in '{_shown}' were made with {difference}; give another folder, or the settings they were made with."
        );

    private AuditException MixedFormats(string path) =>
        new(
            $"'{Path.Combine(_shown, Path.GetFileName(path))}' keeps its features in another number format than the folder it lies in; move it to a folder of its own."
        );

    [GeneratedRegex(@"^[0-9a-f]{16}\.safetensors\z")]
    private static partial Regex ShardName();

    [GeneratedRegex(@"^([0-9a-f]{16}\.safetensors|features\.json)\.[0-9a-f]{32}\.tmp\z")]
    private static partial Regex LeftoverName();
}
