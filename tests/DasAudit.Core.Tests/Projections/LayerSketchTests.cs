using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Projections;

public class LayerSketchTests
{
    private static readonly LayerBlock[] Blocks = [new("a", 0, 8, 50), new("b", 8, 5, 5), new("c", 13, 8, 50)];

    [Fact]
    public void Each_layer_has_its_own_block_with_norms_and_products_right_in_expectation()
    {
        const int Seeds = 4000;
        var (x, y) = (Tables.Normal(1, 105), Tables.Normal(2, 105));
        var (squares, products) = (new double[3], new double[3]);
        var across = 0.0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var sketch = new LayerSketch(seed, Blocks);
            var (a, b) = (sketch.Project([x])[0], sketch.Project([x, y])[1]);
            for (var l = 0; l < 3; l++)
            {
                squares[l] += Dot(a, a, l) / Seeds;
                products[l] += Dot(a, b, l) / Seeds;
            }

            // Layers of the same length must not share their transform.
            across += Enumerable.Range(0, 8).Sum(k => (double)a[k] * b[13 + k]) / Seeds;
        }

        var start = 0;
        foreach (var (l, block) in Blocks.Index())
        {
            var slice = new Range(start, start + block.Parameters);
            var square = x[slice].Sum(v => v * v);
            Assert.Equal(square, squares[l], 0.05 * square);
            Assert.Equal(x[slice].Zip(y[slice], (v, w) => v * w).Sum(), products[l], 0.05 * square);
            start += block.Parameters;
        }

        Assert.Equal(0, across, 2.0);
        static double Dot(float[] a, float[] b, int l) =>
            Enumerable.Range(Blocks[l].Offset, Blocks[l].Length).Sum(k => (double)a[k] * b[k]);
    }

    [Fact]
    public void Short_layers_are_kept_whole()
    {
        var sketch = new LayerSketch(1, Blocks);
        var x = Tables.Normal(1, 105);
        var feature = sketch.Project([x])[0];
        Assert.Equal(21, sketch.Dimension);
        Assert.Equal(x[50..55], feature[8..13]);
    }

    [Theory]
    [InlineData("layers:100")]
    [InlineData("logra:4x2")]
    [InlineData("none")]
    public void Blocks_cover_a_feature_and_count_every_parameter(string projection)
    {
        var options = new GradientOptions
        {
            Timesteps = 1,
            Replicates = 1,
            Projection = ProjectionOptions.Parse(projection),
        };
        var features = new FeatureEngine(new(() => new TinyUnet()), options, 1).Compute(
            [new("one", () => Tables.Normal(1, 192))],
            null,
            TestContext.Current.CancellationToken
        )[0];
        using var model = new TinyUnet();
        var blocks = options.LayerBlocks(model);
        Assert.Equal(features.Rows[FeatureKind.UnitLoss][0].Length, blocks[^1].Offset + blocks[^1].Length);
        Assert.Equal(
            model.Network.parameters().Sum(parameter => parameter.numel()),
            blocks.Sum(block => block.Parameters)
        );
        Assert.Equal(["_first", "_time", "_last"], blocks.Select(block => block.Layer));
    }

    [Fact]
    public void Blocks_follow_the_selected_parameters_layer_by_layer()
    {
        using var model = new TinyUnet();
        Assert.Empty(new GradientOptions().LayerBlocks(model));
        var sketched = new GradientOptions
        {
            Projection = ProjectionOptions.Parse("layers:100"),
            Parameters = @"_first\.weight _last\.weight",
        };
        Assert.Equal([new("_first", 0, 100, 216), new("_last", 100, 100, 216)], sketched.LayerBlocks(model));
        var whole = new GradientOptions
        {
            Projection = new() { Kind = ProjectionKind.None },
            Parameters = @"_time\.bias",
        };
        Assert.Equal([new("_time", 0, 8, 8)], whole.LayerBlocks(model));
    }
}
