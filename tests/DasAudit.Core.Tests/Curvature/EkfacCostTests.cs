using DasAudit.Core.Curvature;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Testing;

namespace DasAudit.Core.Tests.Curvature;

public class EkfacCostTests
{
    private static readonly GradientOptions Options = new() { Timesteps = 3, Replicates = 2 };
    private static readonly long QueryBytes = 3L * Options.Replicates * sizeof(float) * Parameters();

    [Theory]
    [InlineData(2, 9, 4, 9)]
    [InlineData(1, 20, 20, 9)]
    [InlineData(3, 19, 18, 9)]
    [InlineData(3, 19, 18, 2)]
    [InlineData(3, 5, 5, 1)]
    public void Seconds_are_those_of_the_passes_that_a_run_makes(int queries, int rows, int members, int together)
    {
        // A second a pass: both rounds over members, and gradients, see each pass of a picture once. What is left is
        // preparation.
        var passes = Options.Timesteps * Options.Replicates;
        var cost = new EkfacCost(0, 2 * passes, 0, passes, 0, 0)
        {
            Workers = 1,
            FitBytes = 0,
            CurvatureBytes = 0,
            GradientBytes = 0,
            QueryBytes = QueryBytes,
            QueryMemory = together * QueryBytes,
        };
        var preparation = Passes(1, 1, 1, 1) - cost.Seconds(1, 1, 1);
        Assert.InRange(preparation, 1, 50);
        var left = Passes(queries, rows, members, together) - cost.Seconds(queries, rows, members);
        // Gradients are prepared anew for each round over the rows.
        var rounds = (queries + together - 1) / together;
        if (rounds == 1)
            Assert.Equal(preparation, left);
        else
            Assert.InRange(left, preparation, rounds * preparation);
    }

    [Fact]
    public void Bytes_are_those_of_the_larger_of_fitting_and_scoring_beside_the_curvature()
    {
        var cost = new EkfacCost(0, 0, 0, 0, 0, 0)
        {
            Workers = 2,
            FitBytes = 100,
            CurvatureBytes = 10,
            GradientBytes = 50,
            QueryBytes = 7,
            QueryMemory = 80,
        };
        Assert.Equal(10 + 100, cost.Bytes(1));
        Assert.Equal(10 + 50 + 70, cost.Bytes(10));
        Assert.Equal(10 + 50 + 77, cost.Bytes(40));
    }

    private static long Passes(int queries, int rows, int members, int together)
    {
        var passes = 0L;
        using var unet = new TinyUnet();
        FunctionModel Load() =>
            new(
                unet.Network,
                unet.PictureShape,
                (noisy, timesteps, _) =>
                {
                    passes += noisy.shape[0];
                    return unet.Predict(noisy, timesteps);
                }
            );
        ModelPicture[] pictures =
        [
            .. Enumerable.Range(0, rows + queries).Select(i => new ModelPicture($"{i}", () => Tables.Normal(i, 192))),
        ];
        new EkfacEngine(new(Load), Options, 1) { QueryMemory = together * QueryBytes }.Compute(
            pictures[rows..],
            pictures[..rows],
            members,
            null,
            TestContext.Current.CancellationToken
        );
        return passes;
    }

    private static long Parameters()
    {
        using var unet = new TinyUnet();
        return unet.Network.parameters().Sum(parameter => parameter.numel());
    }
}
