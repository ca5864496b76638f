using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Tests.Attribution;

public class DasTests
{
    [Theory]
    [InlineData(6, 20)]
    [InlineData(20, 6)]
    public void Scores_and_directions_equal_the_primal_formula_written_out(int count, int dimension)
    {
        var candidates = Candidates(count, dimension, replicates: 1);
        var query = Feature(dimension, 99);

        var scores = Das.Score([query], candidates, new() { Residual = ResidualKind.Rms }, CancellationToken.None);

        // τ = (φ(z)ᵀK⁻¹φ_i·ρ_i)² and ∇ℓ(z)ᵀK⁻¹∇ℓ_i with K = ΦᵀΦ + λI formed and inverted directly.
        var lambda = scores.Damping.Single();
        var kernel = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(dimension, dimension,
            (a, b) => candidates.Sum(c => (double)c[0].Output[a] * c[0].Output[b]) + (a == b ? lambda : 0));
        var inverse = kernel.Inverse();
        for (var i = 0; i < count; i++)
        {
            var s = Vector(query.Output) * inverse * Vector(candidates[i][0].Output);
            var expected = Math.Pow(s, 2) * candidates[i][0].SquaredErrors.Average();
            Assert.Equal(expected, scores.Mean[i], expected * 1e-8);
            Assert.Equal(Math.Sign(Vector(query.Loss) * inverse * Vector(candidates[i][0].Loss)), scores.Directions[i]);
        }
    }

    [Fact]
    public void The_mean_and_standard_error_are_taken_over_noise_draws()
    {
        var candidates = Candidates(5, 16, replicates: 3);
        PictureFeature[] query = [Feature(16, 1001), Feature(16, 1002), Feature(16, 1003)];

        var scores = Das.Score(query, candidates, new(), CancellationToken.None);

        var draws = Enumerable.Range(0, 3).Select(r => Das.Score([query[r]], [.. candidates.Select(c => new[] { c[r] })], new(), CancellationToken.None).Mean[2]).ToArray();
        Assert.Equal(draws.Average(), scores.Mean[2], 1e-12);
        var variance = draws.Sum(d => Math.Pow(d - draws.Average(), 2)) / 2;
        Assert.Equal(Math.Sqrt(variance / 3), scores.StandardError(2)!.Value, 1e-12);
    }

    [Fact]
    public void A_single_noise_draw_has_no_standard_error() =>
        Assert.Null(Das.Score([Feature(8, 50)], Candidates(4, 8, 1), new(), CancellationToken.None).StandardError(0));

    [Fact]
    public void One_candidate_alone_is_scored()
    {
        var scores = Das.Score([Feature(8, 50)], Candidates(1, 8, 1), new(), CancellationToken.None);
        Assert.True(scores.Mean[0] > 0);
    }

    [Fact]
    public void Features_that_are_all_zero_are_refused()
    {
        var zero = Feature(8, 1) with { Output = new float[8] };
        var error = Assert.Throws<AuditException>(() => Das.Score([zero], [[zero], [zero]], new(), CancellationToken.None));
        Assert.Contains("--parameters", error.Message);
    }

    [Fact]
    public void Scaling_all_features_leaves_the_order_and_the_relative_scores()
    {
        var candidates = Candidates(7, 12, 1);
        var query = Feature(12, 77);
        var scaled = candidates.Select(c => new[] { c[0] with { Output = [.. c[0].Output.Select(v => v * 1000)] } }).ToList();

        var before = Das.Score([query], candidates, new(), CancellationToken.None).Mean;
        var after = Das.Score([query with { Output = [.. query.Output.Select(v => v * 1000)] }], scaled, new(), CancellationToken.None).Mean;

        for (var i = 0; i < 7; i++) Assert.Equal(before[i] / before[0], after[i] / after[0], 1e-5);
    }

    [Fact]
    public void A_candidate_equal_to_the_query_comes_first()
    {
        var candidates = Candidates(30, 64, 1);
        var scores = Das.Score(candidates[17], candidates, new() { Residual = ResidualKind.None }, CancellationToken.None).Mean;
        Assert.Equal(17, Array.IndexOf(scores, scores.Max()));
    }

    internal static List<PictureFeature[]> Candidates(int count, int dimension, int replicates) =>
        [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, replicates).Select(r => Feature(dimension, 1 + i * 10 + r)).ToArray())];

    internal static PictureFeature Feature(int dimension, int key)
    {
        var noise = new NoiseSource(key);
        var (output, loss, rest) = (new float[dimension], new float[dimension], new float[6]);
        noise.Normal(new(NoisePurpose.Attribution, 1, 0), output);
        noise.Normal(new(NoisePurpose.Attribution, 2, 0), loss);
        noise.Normal(new(NoisePurpose.Attribution, 3, 0), rest);
        return new()
        {
            Output = output,
            Loss = loss,
            SquaredErrors = [.. rest.Take(3).Select(v => Math.Abs(v) + 0.1)],
            GradientNorms = [.. rest.Skip(3).Select(v => Math.Abs(v) + 0.1)],
        };
    }

    private static MathNet.Numerics.LinearAlgebra.Vector<double> Vector(float[] values) =>
        MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(values.Length, i => values[i]);
}
