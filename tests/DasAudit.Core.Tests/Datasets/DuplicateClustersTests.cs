using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Datasets;

public class DuplicateClustersTests
{
    [Fact]
    public void Near_duplicates_and_chains_of_them_share_a_cluster_named_after_the_first()
    {
        // 0 – 2 – 4 differ by 8 bits each, 0 and 4 by 16; 1 and 3 are 9 bits apart.
        var items = Items((0, "a"), (0xFFFFUL << 40, "b"), (0xFF, "c"), ((0xFFFFUL << 40) | 0x1FF, "d"), (0xFFFF, "e"));
        Assert.Equal([0, 1, 0, 3, 0], DuplicateClusters.Find(items, 8));
        Assert.Equal([0, 1, 0, 1, 0], DuplicateClusters.Find(items, 9));
        Assert.Equal([0, 1, 2, 3, 4], DuplicateClusters.Find(items, 7));
    }

    [Fact]
    public void Clusters_that_a_later_picture_joins_become_one()
    {
        var items = Items((0xFFFF, "a"), (0, "b"), (0xFF, "c"));
        Assert.Equal([0, 0, 0], DuplicateClusters.Find(items, 8));
    }

    [Fact]
    public void Equal_pixels_share_a_cluster_whatever_the_hash() =>
        Assert.Equal(
            [0, 1, 0],
            DuplicateClusters.Find(Items((0, "same"), (0xFFFFFF, "b"), (ulong.MaxValue >> 1, "same")), 8)
        );

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(63)]
    public void All_near_duplicates_are_found(int distance)
    {
        // Fifty hashes with four changed ones each, 1 to 15 bits away.
        var random = new Random(distance);
        var hashes = Enumerable.Range(0, 50).Select(_ => (ulong)random.NextInt64()).ToList();
        hashes.AddRange(
            hashes.ToList().SelectMany(hash => Enumerable.Range(0, 4).Select(i => Flip(hash, 4 * i + 1, random)))
        );
        var items = Items([.. hashes.Select((hash, i) => (hash, $"{i}"))]);
        Assert.Equal(Components(hashes, distance), DuplicateClusters.Find(items, distance));
    }

    [Fact]
    public void Pictures_are_grouped_by_cluster_under_the_path_of_the_first()
    {
        Assert.Same(GroupKey.Cluster, GroupKey.Parse("cluster"));
        Assert.Equal(["p0", "p1", "p0"], GroupKey.Cluster.Of(Items((0, "a"), (0xFFFFFF, "b"), (1, "c"))));
    }

    private static ulong Flip(ulong hash, int bits, Random random)
    {
        foreach (var bit in random.GetItems(Enumerable.Range(0, 63).ToArray(), bits))
            hash ^= 1UL << bit;
        return hash;
    }

    // By passing the smallest position on to every neighbour until nothing changes.
    private static int[] Components(List<ulong> hashes, int distance)
    {
        var first = Enumerable.Range(0, hashes.Count).ToArray();
        for (var changed = true; changed; )
        {
            changed = false;
            for (var i = 0; i < hashes.Count; i++)
            for (var j = 0; j < hashes.Count; j++)
            {
                if (BitOperations.PopCount(hashes[i] ^ hashes[j]) > distance || first[j] >= first[i])
                    continue;
                first[i] = first[j];
                changed = true;
            }
        }
        return first;
    }

    private static string PixelHash(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static TrainingItem[] Items(params (ulong Hash, string Pixels)[] pictures) =>
        [
            .. pictures.Select(
                (picture, i) =>
                    new TrainingItem
                    {
                        Index = i,
                        Path = $"p{i}",
                        Sha256 = $"{i:x64}",
                        PixelSha256 = PixelHash(picture.Pixels),
                        Width = 1,
                        Height = 1,
                        PerceptualHash = picture.Hash,
                    }
            ),
        ];
}
