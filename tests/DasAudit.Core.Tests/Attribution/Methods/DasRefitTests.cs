using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>
/// DAS against the thing it approximates: on a model linear in its parameters and fitted by ridge regression, leaving
/// one picture out and fitting again moves the prediction at the query by exactly S_zi·r_i/(1 − h_i).
/// </summary>
public class DasRefitTests
{
    private const int Count = 9;

    private static readonly GradientOptions OneTimestep = new()
    {
        Timesteps = 1,
        Replicates = 1,
        Seed = 5,
        Projection = new() { Kind = ProjectionKind.None },
    };

    [Fact]
    public void Scores_of_a_linear_model_are_the_squared_leave_one_out_changes_of_exact_refits()
    {
        var pictures = Enumerable.Range(0, Count).Select(i => -0.9 + 0.21 * i + 0.03 * i * i % 0.17).ToArray();
        var query = 0.333;
        var timestep = OneTimestep.TimestepGrid(1000).Single();
        var phi = pictures.Select(x => LinearModel.Psi(Noisy(x, timestep))).ToArray();
        var phiQuery = LinearModel.Psi(Noisy(query, timestep));

        // Features of a linear model do not depend on θ, so neither does λ; fit θ with that λ, then attribute the
        // fitted model.
        var lambda = Score(new double[LinearModel.Features], pictures, query).Damping.Single();
        var theta = Ridge(phi, pictures, lambda, without: -1);
        var scores = Score(theta, pictures, query);

        Assert.Equal(lambda, scores.Damping.Single(), 1e-9);
        for (var i = 0; i < Count; i++)
        {
            var refitted = Ridge(phi, pictures, lambda, without: i);
            var change = Dot(phiQuery, theta) - Dot(phiQuery, refitted);
            var expected = Math.Pow(change * (1 - Leverage(phi, i, lambda)), 2);
            Assert.Equal(1, scores.Queries[0].Mean[i] / expected, 1e-3);
        }
    }

    private static MethodScores Score(double[] theta, double[] pictures, double query)
    {
        var engine = new FeatureEngine(new(() => new LinearModel(theta)), OneTimestep, 1);
        var features = engine.Compute(
            [.. pictures.Append(query).Select((x, i) => new ModelPicture($"picture {i}", () => [(float)x]))],
            null,
            CancellationToken.None
        );
        return RandomFeatures.Score(
            new DasMethod(),
            features[^1],
            [.. features.Take(Count)],
            new() { Residual = ResidualKind.Rms }
        );
    }

    private static double Noisy(double clean, int timestep)
    {
        var noise = new float[1];
        new NoiseSource(OneTimestep.Seed).Normal(new(NoisePurpose.Attribution, timestep, 0), noise);
        double alphaBar = ((DiscreteDiffusion)new LinearModel().Process).Schedule.AlphasCumprod[timestep];
        return Math.Sqrt(alphaBar) * clean + Math.Sqrt(1 - alphaBar) * noise[0];
    }

    // θ = (Σ φφᵀ + λI)⁻¹·Σ φ·y by Gaussian elimination, independent of the code under test.
    private static double[] Ridge(double[][] phi, double[] targets, double lambda, int without)
    {
        var rightHandSide = new double[LinearModel.Features];
        for (var i = 0; i < phi.Length; i++)
        {
            if (i == without)
                continue;
            for (var a = 0; a < rightHandSide.Length; a++)
                rightHandSide[a] += phi[i][a] * targets[i];
        }

        return SolveKernel(phi, rightHandSide, lambda, without);
    }

    private static double Leverage(double[][] phi, int i, double lambda) =>
        Dot(phi[i], SolveKernel(phi, [.. phi[i]], lambda, without: -1));

    private static double[] SolveKernel(double[][] phi, double[] b, double lambda, int without)
    {
        var p = b.Length;
        var a = new double[p, p];
        for (var r = 0; r < p; r++)
        {
            for (var c = 0; c < p; c++)
                a[r, c] = phi.Where((_, i) => i != without).Sum(row => row[r] * row[c]) + (r == c ? lambda : 0);
        }

        for (var k = 0; k < p; k++)
        {
            for (var r = k + 1; r < p; r++)
            {
                var factor = a[r, k] / a[k, k];
                for (var c = k; c < p; c++)
                    a[r, c] -= factor * a[k, c];
                b[r] -= factor * b[k];
            }
        }

        for (var k = p - 1; k >= 0; k--)
        {
            for (var c = k + 1; c < p; c++)
                b[k] -= a[k, c] * b[c];
            b[k] /= a[k, k];
        }

        return b;
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
