using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Trak;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>
/// PVA against Gaussian-process regression: the posterior variance at the query, computed with pictures and without.
/// </summary>
public class PvaTests
{
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    [Theory]
    [InlineData(6, 10, 0.7)]
    [InlineData(12, 4, 2.5)]
    public void A_squared_weight_is_the_rise_of_the_posterior_variance_up_to_the_leverage(
        int count,
        int dimension,
        double lambda
    )
    {
        var (phi, query, a) = Weights(count, dimension, lambda);
        var gram = phi * phi.Transpose();
        var leverages = (gram * (gram + lambda * Matrix<double>.Build.DenseIdentity(count)).Inverse()).Diagonal();
        for (var i = 0; i < count; i++)
        {
            var rise = Variance(phi.RemoveRow(i), query, lambda) - Variance(phi, query, lambda);
            Assert.Equal(rise, a[i] * a[i] * lambda / (1 - leverages[i]), 1e-10);
        }
    }

    [Fact]
    public void The_weights_of_a_set_give_the_rise_when_it_is_left_out()
    {
        var (phi, query, a) = Weights(9, 12, 1.5);
        int[] set = [1, 4, 7];
        var inverse = (phi * phi.Transpose() + 1.5 * Matrix<double>.Build.DenseIdentity(9)).Inverse();
        var block = Matrix<double>.Build.Dense(3, 3, (r, c) => inverse[set[r], set[c]]);
        var own = Vector<double>.Build.Dense(3, r => a[set[r]]);
        var kept = Matrix<double>.Build.DenseOfRowVectors(Enumerable.Range(0, 9).Except(set).Select(phi.Row));
        Assert.Equal(Variance(kept, query, 1.5) - Variance(phi, query, 1.5), own * block.Solve(own), 1e-10);
    }

    [Fact]
    public void Passes_are_those_of_the_published_recipe()
    {
        var full = Assert.Single(PvaMethod.Full.Needs.Features);
        var mini = Assert.Single(PvaMethod.Mini.Needs.Features);
        var twelve = Assert.Single(new Pva12Method().Needs.Features);
        Assert.Equal([25, 50, 100, 200, 300, 500], full.Timesteps!);
        Assert.Equal([25, 100, 300], mini.Timesteps!);
        Assert.Equal(full.Timesteps, twelve.Timesteps);
        Assert.Equal((2, 1, 2), (full.DrawsPerReplicate, mini.DrawsPerReplicate, twelve.DrawsPerReplicate));
        Assert.Equal(
            (CheckpointChoice.EarlyAndMiddle, CheckpointChoice.Early, CheckpointChoice.Early),
            (full.Checkpoints, mini.Checkpoints, twelve.Checkpoints)
        );
        Assert.Equal((full.Parameters, null), (mini.Parameters, twelve.Parameters));
        Assert.All(
            [full, mini, twelve],
            need => Assert.Equal((true, "loss/unit/apart"), (need.AdamMetric, Assert.Single(need.Kinds).ToString()))
        );
    }

    [Fact]
    public void The_mean_score_of_the_members_is_one_and_every_noise_level_has_an_equal_part_in_it()
    {
        var inputs = new Case
        {
            Members = 9,
            Decoys = 2,
            Replicates = 2,
            Queries = 3,
            Checkpoints = 2,
        }.For(PvaMethod.Full);
        var scores = PvaMethod.Full.Score(inputs, new(), TestContext.Current.CancellationToken);
        Assert.All(
            scores.Queries.SelectMany(query => query.ByReplicate.Zip(query.Inner!)),
            draw =>
            {
                Assert.Equal(1, draw.First.Take(9).Average(), 1e-12);
                // Two draws of a level follow one another.
                Assert.All(
                    draw.Second.Chunk(2),
                    level => Assert.Equal(2, level.Sum(s => s.Take(9).Average(x => x * x)), 1e-12)
                );
            }
        );
    }

    [Fact]
    public void Within_a_band_of_damping_every_noise_level_keeps_its_part()
    {
        var inputs = new Case { Members = 7, Decoys = 1 }.For(PvaMethod.Full);
        var band = PvaMethod.Full.Score(
            inputs,
            new() { Damping = new Damped(200, 300, 700) },
            TestContext.Current.CancellationToken
        );
        var single = PvaMethod.Full.Score(
            inputs,
            new() { Damping = new Damped(300) },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(1, band.Queries[0].Mean.Take(7).Average(), 1e-12);
        Assert.Equal(3 * single.Queries[0].Inner![0].Length, band.Queries[0].Inner![0].Length);
        Assert.All(
            band.Queries[0].Mean.Zip(single.Queries[0].Mean),
            pair => Assert.InRange(pair.First / pair.Second, 0.8, 1.25)
        );
        Assert.NotNull(band.Band);
    }

    [Fact]
    public void A_query_that_no_picture_is_like_scores_nothing()
    {
        var scores = Single.Score(
            PvaMethod.Mini,
            Single.Picture(
                null,
                (
                    Kind,
                    [
                        [0, 0, 1],
                    ]
                )
            ),
            [
                Single.Picture(
                    null,
                    (
                        Kind,
                        [
                            [1, 0, 0],
                        ]
                    )
                ),
                Single.Picture(
                    null,
                    (
                        Kind,
                        [
                            [0, 1, 0],
                        ]
                    )
                ),
            ],
            new()
        );
        Assert.Equal([0.0, 0.0], scores.Queries[0].Mean);
    }

    private static (Matrix<double> Phi, Vector<double> Query, double[] Weights) Weights(
        int count,
        int dimension,
        double lambda
    )
    {
        var phi = Matrix<double>.Build.Dense(
            count,
            dimension,
            (i, j) => Math.Round(8 * Math.Sin(1 + i * i + 3.7 * j)) / 8
        );
        var query = Vector<double>.Build.Dense(dimension, j => Math.Round(8 * Math.Cos(j * j)) / 8);
        var scores = Single.Score(
            new Pva12Method(),
            Picture(query),
            [.. Enumerable.Range(0, count).Select(i => Picture(phi.Row(i)))],
            new() { Damping = new Damped(lambda) }
        );
        return (phi, query, Assert.Single(scores.Queries[0].Inner![0]));
    }

    private static PictureFeatures Picture(Vector<double> feature) => Single.Picture(null, (Kind, [feature.ToArray()]));

    // v(z) = k(z, z) − k_qᵀ·(G + λI)⁻¹·k_q
    private static double Variance(Matrix<double> phi, Vector<double> query, double lambda)
    {
        var toQuery = phi * query;
        return query * query
            - toQuery
                * (phi * phi.Transpose() + lambda * Matrix<double>.Build.DenseIdentity(phi.RowCount)).Solve(toQuery);
    }
}
