using System.Numerics;
using DasAudit.Core.Files;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// Computes the features that a store lacks, in the order of the pictures, and writes each shard once it and all before
/// it are complete. Whenever the process dies, the first shards are kept and the rest is cut in the same places: the
/// files become those of an uninterrupted run, byte for byte.
/// </summary>
/// <param name="engine">Computes under the stores' settings, all their kinds.</param>
/// <param name="stores">Of the same pictures.</param>
public sealed class FeatureBuilder(FeatureEngine engine, params IReadOnlyList<FeatureStore> stores)
{
    /// <summary>Most pictures in a shard; shards are powers of two, so that they end where parts do.</summary>
    public const int ShardPictures = 64;

    /// <summary>About the most bytes of values in a shard of more than one picture.</summary>
    internal long ShardBytes { get; init; } = 64L << 20;

    /// <summary>Checks what is there, computes what is missing, and keeps it.</summary>
    /// <param name="pictures">The pictures; one that occurs again is computed once.</param>
    /// <param name="datasetRoot">For a new store's <c>features.json</c>; null for none.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops; complete shards are kept.</param>
    /// <exception cref="Abstractions.AuditException">A shard, picture, gradient or the folder is unusable.</exception>
    public FeatureBuild Build(
        IReadOnlyList<KeyedPicture> pictures,
        string? datasetRoot,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var distinct = pictures.DistinctBy(picture => picture.Key).ToList();
        var missing = distinct.Where(picture => stores.Any(store => !store.Contains(picture.Key))).ToList();
        foreach (var store in stores)
            store.Verify([.. distinct.Select(picture => picture.Key).Where(store.Contains)], progress, cancellation);
        if (missing.Count > 0)
        {
            foreach (var store in stores)
                store.Prepare(datasetRoot);
            var queue = new Queue(this, stores, missing);
            try
            {
                engine.Run([.. missing.Select(picture => picture.Picture)], queue.Add, progress, cancellation);
            }
            finally
            {
                foreach (var store in stores)
                    store.RemoveIfEmpty();
            }
        }

        return new(distinct.Count, missing.Count);
    }

    private int PicturesInShard(PictureFeatures features)
    {
        var size = stores[0].Format == FeatureFormat.F32 ? sizeof(float) : sizeof(short);
        var bytes = features.Rows.Values.SelectMany(rows => rows).Sum(row => (long)row.Length) * size;
        return (int)
            Math.Clamp(
                BitOperations.RoundUpToPowerOf2((ulong)(ShardBytes / Math.Max(1, bytes)) + 1) / 2,
                1,
                ShardPictures
            );
    }

    /// <summary>Finished pictures that wait for others before them.</summary>
    private sealed class Queue(FeatureBuilder builder, IReadOnlyList<FeatureStore> stores, List<KeyedPicture> pictures)
    {
        private readonly Dictionary<int, StoredPicture> _waiting = [];
        private int _written;
        private int _complete;
        private int? _shardPictures;

        public void Add(int index, PictureFeatures features)
        {
            var picture = pictures[index];
            _waiting.Add(index, new(picture.Key, picture.Picture.Name, features));
            _shardPictures ??= builder.PicturesInShard(features);
            while (_waiting.ContainsKey(_complete))
                _complete++;
            while (_complete - _written >= _shardPictures || (_complete == pictures.Count && _complete > _written))
                Write(Math.Min(_shardPictures.Value, _complete - _written));
        }

        private void Write(int count)
        {
            var positions = Enumerable.Range(_written, count).ToList();
            foreach (var store in stores)
                store.Add([.. positions.Select(position => _waiting[position].Of(store.Settings))]);
            positions.ForEach(position => _waiting.Remove(position));
            _written += count;
        }
    }
}

/// <summary>What a run did.</summary>
/// <param name="Pictures">Different pictures asked for.</param>
/// <param name="Computed">Those that were not there.</param>
public sealed record FeatureBuild(int Pictures, int Computed);
