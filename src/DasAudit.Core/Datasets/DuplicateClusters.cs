using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Groups copies: equal pixels, perceptual hashes within a distance, or chains of such (union–find).</summary>
/// <remarks>Chains can join pictures further apart, above all plain ones. Mirrored copies are not found.</remarks>
internal static class DuplicateClusters
{
    /// <summary>For each picture the position of the first picture of its cluster.</summary>
    /// <param name="distance">Most bits of 63 by which the perceptual hashes of copies differ.</param>
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
