using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Projections;

public class LograFactorsTests
{
    [Fact]
    public void Coordinates_are_the_product_of_three_matrices()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var factors = new LograFactors(new(4, 3), 0, "conv.weight", [7, 2, 3, 3]);
        var gradient = randn([7, 2, 3, 3], generator: generator);

        var coordinates = factors.Of(gradient);

        Assert.Equal([3, 4], coordinates.shape);
        var (left, right) = (factors.Left(CPU).to_type(float64), factors.Right(CPU).to_type(float64));
        var expected = zeros([3, 4], dtype: float64);
        for (var o = 0; o < 7; o++)
        {
            for (var i = 0; i < 18; i++)
                expected += gradient.view(7, 18)[o, i].to_type(float64) * left[o].unsqueeze(1) * right[i].unsqueeze(0);
        }

        Assert.InRange((coordinates - expected).abs().max().item<double>(), 0, 1e-5);
    }

    [Fact]
    public void Entries_are_signs_over_the_root_of_the_rank_that_depend_on_seed_name_side_and_place()
    {
        using var scope = NewDisposeScope();
        var matrices = new[] { (0, "a"), (1, "a"), (0, "b") }
            .Select(key => new LograFactors(new(16, 16), key.Item1, key.Item2, [400, 400]))
            .SelectMany(factors => new[] { factors.Left(CPU), factors.Right(CPU) })
            .ToList();

        Assert.All(matrices, matrix => Assert.InRange((matrix.abs() - 0.25).abs().max().item<float>(), 0, 0));
        // 6400 independent signs agree in half of the places, give or take 1/160 (one standard deviation).
        Assert.All(matrices, matrix => Assert.InRange(matrix.gt(0).to_type(float32).mean().item<float>(), 0.47, 0.53));
        for (var a = 0; a < matrices.Count; a++)
        {
            for (var b = 0; b < a; b++)
                Assert.InRange(matrices[a].eq(matrices[b]).to_type(float32).mean().item<float>(), 0.47, 0.53);
        }
    }

    [Fact]
    public void Signs_never_change()
    {
        using var scope = NewDisposeScope();
        var factors = new LograFactors(new(2, 2), 7, "down_blocks.0.resnets.0.conv1.weight", [8, 6]);

        Assert.Equal("+++++--+-+---+++ -+---+-++-++", Signs(factors.Left(CPU)) + " " + Signs(factors.Right(CPU)));

        static string Signs(Tensor matrix) =>
            string.Concat(matrix.flatten().data<float>().Select(value => value > 0 ? '+' : '-'));
    }

    [Fact]
    public void A_side_no_longer_than_its_rank_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        var factors = new LograFactors(new(6, 2), 0, "weight", [8, 6]);

        Assert.Equal((2, 6), (factors.Outputs, factors.Inputs));
        Assert.True(factors.Right(CPU).Equals(eye(6)));
        Assert.Equal([8, 2], factors.Left(CPU).shape);
    }

    [Fact]
    public void Squared_norms_are_kept_on_average()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var gradient = randn([20, 30], generator: generator);
        var squared = gradient.square().sum().item<float>();

        var ratios = Enumerable
            .Range(0, 400)
            .Select(seed =>
                new LograFactors(new(4, 4), seed, "weight", [20, 30]).Of(gradient).square().sum().item<float>()
                / squared
            );

        // A standard deviation of one is about 0.4, so of the mean about 0.02.
        Assert.InRange(ratios.Average(), 0.93, 1.07);
    }
}
