using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Tests.Attribution.Methods;

public class DasTests
{
    [Theory]
    [InlineData(6, 20)]
    [InlineData(20, 6)]
    public void Scores_and_directions_equal_the_primal_formula_written_out(int count, int dimension)
    {
        var candidates = RandomFeatures.Pictures(count, dimension, replicates: 1);
        var query = RandomFeatures.Random(dimension, 99);

        var all = RandomFeatures.Score(new DasMethod(), query, candidates, new() { Residual = ResidualKind.Rms });
        var scores = all.Queries[0];

        // τ = (φ(z)ᵀK⁻¹φ_i·ρ_i)² and ∇ℓ(z)ᵀK⁻¹∇ℓ_i with K = ΦᵀΦ + λI formed and inverted directly.
        var lambda = all.Damping.Single();
        var kernel = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(
            dimension,
            dimension,
            (a, b) => candidates.Sum(c => (double)c.Output()[a] * c.Output()[b]) + (a == b ? lambda : 0)
        );
        var inverse = kernel.Inverse();
        for (var i = 0; i < count; i++)
        {
            var s = Vector(query.Output()) * inverse * Vector(candidates[i].Output());
            var expected = Math.Pow(s, 2) * candidates[i].SquaredErrors[0].Average();
            Assert.Equal(expected, scores.Mean[i], expected * 1e-8);
            Assert.Equal(
                Math.Sign(Vector(query.Loss()) * inverse * Vector(candidates[i].Loss())),
                scores.Directions![i]
            );
        }
    }

    [Fact]
    public void The_mean_and_standard_error_are_taken_over_noise_draws()
    {
        var candidates = RandomFeatures.Pictures(5, 16, replicates: 3);
        var query = RandomFeatures.Random(16, 1001, replicates: 3);

        var scores = Score(query, candidates);

        var draws = Enumerable
            .Range(0, 3)
            .Select(r => Score(query.Draw(r), [.. candidates.Select(c => c.Draw(r))]).Mean[2])
            .ToArray();
        Assert.Equal(draws.Average(), scores.Mean[2], 1e-12);
        var variance = draws.Sum(d => Math.Pow(d - draws.Average(), 2)) / 2;
        Assert.Equal(Math.Sqrt(variance / 3), scores.StandardError(2)!.Value, 1e-12);
    }

    [Fact]
    public void A_single_noise_draw_has_no_standard_error() =>
        Assert.Null(Score(RandomFeatures.Random(8, 50), RandomFeatures.Pictures(4, 8, 1)).StandardError(0));

    [Fact]
    public void One_candidate_alone_is_scored_by_its_share_of_the_kernel()
    {
        // K = φφᵀ + λI of one picture: φ(z)ᵀK⁻¹φ = ⟨φ(z), φ⟩/(‖φ‖² + λ), and df(λ) = ‖φ‖²/(‖φ‖² + λ) = 0.1.
        var query = RandomFeatures.Random(8, 50);
        var candidate = RandomFeatures.Random(8, 1);
        var scores = Score(query, [candidate]);

        var feature = Vector(candidate.Output());
        var expected = Math.Pow(0.1 * (Vector(query.Output()) * feature) / (feature * feature), 2);
        Assert.Equal(expected, scores.Mean.Single(), 1e-9 * expected);
    }

    [Fact]
    public void Features_that_are_all_zero_are_refused()
    {
        var zero = RandomFeatures.Random(8, 1).WithOutput(_ => 0);
        var error = Assert.Throws<AuditException>(() => Score(zero, [zero, zero]));
        Assert.Contains("{parameters}", error.Message);
    }

    [Fact]
    public void Scaling_all_features_leaves_the_order_and_the_relative_scores()
    {
        var candidates = RandomFeatures.Pictures(7, 12, 1);
        var query = RandomFeatures.Random(12, 77);
        var scaled = candidates.Select(c => c.WithOutput(v => v * 1000)).ToList();

        var before = Score(query, candidates).Mean;
        var after = Score(query.WithOutput(v => v * 1000), scaled).Mean;

        for (var i = 0; i < 7; i++)
            Assert.Equal(before[i] / before[0], after[i] / after[0], 1e-5);
    }

    [Fact]
    public void A_candidate_equal_to_the_query_comes_first()
    {
        var candidates = RandomFeatures.Pictures(30, 64, 1);
        var scores = Score(candidates[17], candidates, new() { Residual = ResidualKind.None }).Mean;
        Assert.Equal(17, Array.IndexOf(scores, scores.Max()));
    }

    private static MathNet.Numerics.LinearAlgebra.Vector<double> Vector(float[] values) =>
        MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(values.Length, i => values[i]);

    private static QueryScores Score(
        PictureFeatures query,
        IReadOnlyList<PictureFeatures> candidates,
        MethodOptions? options = null
    ) => RandomFeatures.Score(new DasMethod(), query, candidates, options).Queries[0];
}
