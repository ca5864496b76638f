using DasAudit.Core.Gradients.Devices;
using DasAudit.Core.Projections;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Devices;

public sealed class SketchPlanTests
{
    private const int Places = 64;

    /// <summary>From 131072 columns on, gradients are turned round in groups of 32 rows.</summary>
    [Theory]
    [InlineData(1000, 70)]
    [InlineData(1 << 17, 32)]
    [InlineData((1 << 17) + 3, 70)]
    [InlineData((1 << 17) + 3, 5)]
    public void It_adds_the_projection_of_each_row(int columns, int rows)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var gradients = randn([rows, columns], generator: generator);
        var projection = ProjectionOptions.Parse($"sjlt:{Places}").Create(11, columns);
        using var sums = new EmbeddingBags();
        using var plan = new SketchPlan([new(projection.PartFrom(0)!, columns, 1, 1)], CPU, sums);
        var sketches = ones([Places, rows]);

        plan.Add(gradients, sketches);

        float[][] values = [.. gradients.unbind().Select(row => row.data<float>().ToArray())];
        foreach (var (row, projected) in projection.Project(values).Index())
        {
            var difference = sketches.select(1, row) - 1 - tensor(projected);
            Assert.InRange((difference.norm() / tensor(projected).norm()).item<float>(), 0, 1e-5);
        }
    }

    [Fact]
    public void A_rows_bits_do_not_depend_on_its_group()
    {
        const int Columns = 1 << 17;
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var gradients = randn([70, Columns], generator: generator);
        var projection = ProjectionOptions.Parse($"sjlt:{Places}").Create(11, Columns);
        using var sums = new EmbeddingBags();
        using var plan = new SketchPlan([new(projection.PartFrom(0)!, Columns, 1, 1)], CPU, sums);
        var together = zeros([Places, 70]);
        var reversed = zeros([Places, 70]);

        plan.Add(gradients, together);
        plan.Add(gradients.flip(0).contiguous(), reversed);

        Assert.True(together.eq(reversed.flip(1)).all().item<bool>());
    }
}
