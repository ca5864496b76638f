using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Features;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Layers by block, and the part of a feature that is a block's.</summary>
public class LayerGroupsTests
{
    [Fact]
    public void Layers_are_grouped_by_the_block_that_they_are_in()
    {
        Assert.Equal(
            ["conv_in 0 3", "down_blocks.0 3 5", "down_blocks.1 8 2", "mid_block 10 6", "conv_out 16 1"],
            Groups(
                ("conv_in", 3),
                ("down_blocks.0.resnets.0.conv1", 4),
                ("down_blocks.0.attentions.0.to_q", 1),
                ("down_blocks.1.resnets.0.conv1", 2),
                ("mid_block.attentions.0.to_q", 3),
                ("mid_block.resnets.0.conv1", 3),
                ("conv_out", 1)
            )
        );
        Assert.Equal(
            ["down_blocks.0 0 2", "up_blocks.1 2 3"],
            Groups(("unet.down_blocks.0.a", 2), ("unet.up_blocks.1.a", 1), ("unet.up_blocks.1.b", 2))
        );
        Assert.Equal(["only 0 2"], Groups(("net.only", 2)));

        static string[] Groups(params (string Name, int Length)[] layers)
        {
            var blocks = new List<LayerBlock>();
            foreach (var (name, length) in layers)
                blocks.Add(new(name, blocks.Sum(block => block.Length), length, length));
            return [.. LayerGroups.Of(blocks).Select(group => $"{group.Layer} {group.Offset} {group.Length}")];
        }
    }

    [Fact]
    public void Columns_are_cut_alike_whether_one_feature_is_read_or_all()
    {
        var kind = FeatureKind.UnitMean;
        PictureFeatures[] pictures =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(i =>
                    Single.Picture(
                        null,
                        (
                            kind,
                            [
                                [i, i + 0.5, i + 1, -i],
                                [7, 8 + i, 9, 10],
                            ]
                        )
                    )
                ),
        ];
        var columns = new FeatureColumns(FeatureSet.Of(pictures), 1, 2);
        Assert.Equal([8, 9], columns[0].Rows[kind][1]);
        using var matrix = columns.Take([3, 0]).Matrix(kind, 0);
        Assert.Equal([2L, 2L], matrix.shape);
        Assert.Equal([3.5, 4, 0.5, 1], matrix.data<double>().ToArray());
        Assert.Equal((5, 2), (columns.Count, columns.RowsOf(kind)));
    }
}
