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

    [Fact]
    public void Pictures_are_grouped_by_cluster_under_the_path_of_the_first()
    {
        Assert.Same(GroupKey.Cluster, GroupKey.Parse("cluster"));
        Assert.Equal(["p0", "p1", "p0"], GroupKey.Cluster.Of(Items((0, "a"), (0xFFFFFF, "b"), (1, "c"))));
    }

    private static TrainingItem[] Items(params (ulong Hash, string Pixels)[] pictures) =>
        [
            .. pictures.Select(
                (picture, i) =>
                    new TrainingItem
                    {
                        Index = i,
                        Path = $"p{i}",
                        Sha256 = $"{i}",
                        PixelSha256 = picture.Pixels,
                        Width = 1,
                        Height = 1,
                        PerceptualHash = picture.Hash,
                    }
            ),
        ];
}
