using System.Runtime.InteropServices;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Groups copies: equal pixels, perceptual hashes within a distance, or chains of such (union–find).</summary>
/// <remarks>Chains can join pictures further apart, above all plain ones. Mirrored copies are not found.</remarks>
internal static class DuplicateClusters
{
    /// <summary>The distance within which pictures usually count as copies.</summary>
    public const int UsualDistance = 8;

    private const int HashBits = 64;

    /// <summary>For each picture the position of the first picture of its cluster.</summary>
    /// <param name="distance">Most bits of 63 by which the perceptual hashes of copies differ.</param>
    public static int[] Find(IReadOnlyList<TrainingItem> items, int distance)
    {
        var clusters = new Clusters(items.Count);
        JoinEqual(items, item => item.PixelDigest, clusters);
        JoinEqual(items, item => item.PerceptualHash, clusters);
        JoinNear(items, distance, clusters);
        return clusters.Roots();
    }

    private static void JoinEqual<TKey>(
        IReadOnlyList<TrainingItem> items,
        Func<TrainingItem, TKey> key,
        Clusters clusters
    )
        where TKey : notnull
    {
        var firsts = new Dictionary<TKey, int>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (!firsts.TryAdd(key(items[i]), i))
                clusters.Join(firsts[key(items[i])], i);
        }
    }

    // Of one more band than bits may differ, two hashes have at least one in common.
    private static void JoinNear(IReadOnlyList<TrainingItem> items, int distance, Clusters clusters)
    {
        var distinct = items.Select((item, i) => (item.PerceptualHash, Item: i)).DistinctBy(h => h.PerceptualHash);
        List<(ulong Hash, int Item)> hashes = [.. distinct];
        var bands = Math.Min(distance + 1, HashBits);
        for (var band = 0; band < bands; band++)
        {
            var low = band * HashBits / bands;
            var width = (band + 1) * HashBits / bands - low;
            var mask = width == HashBits ? ulong.MaxValue : (1UL << width) - 1;
            foreach (var bucket in hashes.GroupBy(h => (h.Hash >> low) & mask))
                JoinNear([.. bucket], distance, clusters);
        }
    }

    private static void JoinNear(List<(ulong Hash, int Item)> bucket, int distance, Clusters clusters)
    {
        var hashes = CollectionsMarshal.AsSpan(bucket);
        for (var i = 0; i < hashes.Length; i++)
        for (var j = 0; j < i; j++)
        {
            if (PerceptualHash.Distance(hashes[i].Hash, hashes[j].Hash) <= distance)
                clusters.Join(hashes[i].Item, hashes[j].Item);
        }
    }

    private sealed class Clusters(int count)
    {
        private readonly int[] _parents = [.. Enumerable.Range(0, count)];

        // The smaller root stays a root, so that a cluster's root is its first picture.
        public void Join(int a, int b)
        {
            var (left, right) = (Root(a), Root(b));
            _parents[Math.Max(left, right)] = Math.Min(left, right);
        }

        public int[] Roots() => [.. Enumerable.Range(0, count).Select(Root)];

        private int Root(int i)
        {
            while (_parents[i] != i)
            {
                _parents[i] = _parents[_parents[i]];
                i = _parents[i];
            }

            return i;
        }
    }
}
