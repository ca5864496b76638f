using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>
/// Groups pictures that are copies of each other: equal pixels, or perceptual hashes within a distance, and whatever is
/// linked by a chain of such pairs (union–find). Chains can join pictures that are further apart than the distance,
/// above all plain pictures with little in them. Mirrored copies are not found.
/// </summary>
internal static class DuplicateClusters
{
    /// <summary>Finds the clusters.</summary>
    /// <param name="items">The pictures.</param>
    /// <param name="distance">Most bits of 63 by which the perceptual hashes of copies differ.</param>
    /// <returns>For each picture the position of the first picture of its cluster.</returns>
    public static int[] Find(IReadOnlyList<TrainingItem> items, int distance)
    {
        var parent = Enumerable.Range(0, items.Count).ToArray();
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            for (var j = 0; j < i; j++)
            {
                if (!AreCopies(item, items[j], distance))
                    continue;
                // The smaller root stays a root, so that a cluster's root is its first picture.
                var left = Root(i);
                var right = Root(j);
                parent[Math.Max(left, right)] = Math.Min(left, right);
            }
        }

        return [.. Enumerable.Range(0, items.Count).Select(Root)];

        int Root(int i)
        {
            while (parent[i] != i)
            {
                parent[i] = parent[parent[i]];
                i = parent[i];
            }

            return i;
        }
    }

    private static bool AreCopies(TrainingItem a, TrainingItem b, int distance) =>
        PerceptualHash.Distance(a.PerceptualHash, b.PerceptualHash) <= distance || a.PixelSha256 == b.PixelSha256;
}
