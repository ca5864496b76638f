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
        Assert.Equal([25, 50, 100, 200, 300, 500], full.Timesteps!);
        Assert.Equal([25, 100, 300], mini.Timesteps!);
        Assert.Equal((2, 1), (full.DrawsPerReplicate, mini.DrawsPerReplicate));
        Assert.All(
            [full, mini],
            need =>
                Assert.Equal(
                    (CheckpointChoice.Early, true, "loss/unit/apart"),
                    (need.Checkpoints, need.AdamMetric, Assert.Single(need.Kinds).ToString())
                )
        );
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
            PvaMethod.Mini,
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
