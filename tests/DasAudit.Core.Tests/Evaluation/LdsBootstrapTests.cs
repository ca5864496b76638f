using DasAudit.Core.Evaluation;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Evaluation;

public class LdsBootstrapTests
{
    private const int Subsets = 30;
    private const int Queries = 12;
    private static readonly int[] All = [.. Enumerable.Range(0, Queries)];

    [Fact]
    public void Each_query_has_its_rank_correlation_and_the_score_is_their_mean()
    {
        var (truth, predictions) = (Series(1), Series(2));
        var draws = new LdsBootstrap(truth, draws: 50, seed: 3).Of(predictions);

        double[] expected = [.. truth.Zip(predictions, (t, p) => Ranking.Spearman(t, p))];
        Assert.All(expected.Zip(draws.ByQuery), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(expected.Average(), draws.Mean(All).Value, 1e-12);
        Assert.Equal(expected.Take(4).Average(), draws.Mean([0, 1, 2, 3]).Value, 1e-12);
    }

    [Fact]
    public void A_draw_is_the_mean_over_drawn_queries_of_correlations_over_drawn_subsets()
    {
        var (truth, predictions) = (Series(1), Series(2));
        var draws = new LdsBootstrap(truth, draws: 1, seed: 3).Of(predictions);

        var counts = draws.QueryCounts[0];
        Assert.Equal(Queries, counts.Sum());
        var expected = All.Sum(q => counts[q] * draws.Draws[0][q]) / Queries;
        var interval = draws.Mean(All);
        Assert.Equal(expected, interval.Low, 1e-12);
        Assert.Equal(expected, interval.High, 1e-12);
        Assert.NotEqual(draws.ByQuery, draws.Draws[0]);
    }

    [Fact]
    public void The_interval_covers_the_true_score_of_a_noisy_prediction_and_narrows_with_subsets()
    {
        var (few, many) = (Width(12), Width(200));

        Assert.True(many < few / 2, $"{many} < {few}/2");
    }

    [Fact]
    public void A_perfect_prediction_scores_one_and_its_inverse_minus_one()
    {
        var truth = Series(1);
        var bootstrap = new LdsBootstrap(truth, draws: 20, seed: 3);
        double[][] inverse = [.. truth.Select(ofQuery => ofQuery.Select(value => -value).ToArray())];

        Assert.Equal(new(1, 1, 1), Rounded(bootstrap.Of(truth).Mean(All)));
        Assert.Equal(new(-1, -1, -1), Rounded(bootstrap.Of(inverse).Mean(All)));
        Assert.Equal(new(2, 2, 2), Rounded(bootstrap.Of(truth).Above(bootstrap.Of(inverse), All)));
    }

    [Fact]
    public void Differences_are_paired()
    {
        var (truth, predictions) = (Series(1), Series(2));
        var bootstrap = new LdsBootstrap(truth, draws: 200, seed: 3);
        double[][] same = [.. predictions.Select(ofQuery => ofQuery.Select(value => 2 * value + 5).ToArray())];

        Assert.Equal(new(0, 0, 0), bootstrap.Of(predictions).Above(bootstrap.Of(same), All));
        Assert.True(bootstrap.Of(predictions).Mean(All) is { Low: var low, High: var high } && low < high);
    }

    private static double Width(int subsets)
    {
        var random = new Random(subsets);
        double[][] truth =
        [
            .. All.Select(_ => Enumerable.Range(0, subsets).Select(_ => random.NextDouble()).ToArray()),
        ];
        double[][] predictions =
        [
            .. truth.Select(ofQuery => ofQuery.Select(value => value + random.NextDouble()).ToArray()),
        ];
        var interval = new LdsBootstrap(truth, draws: 300, seed: 1).Of(predictions).Mean(All);
        // Spearman's of x and x + y, both uniform: between .6 and .75.
        Assert.InRange(0.68, interval.Low - 0.05, interval.High + 0.05);
        return interval.High - interval.Low;
    }

    private static Interval Rounded(Interval interval) =>
        new(Math.Round(interval.Value, 9), Math.Round(interval.Low, 9), Math.Round(interval.High, 9));

    private static double[][] Series(int seed)
    {
        var random = new Random(seed);
        return [.. All.Select(_ => Enumerable.Range(0, Subsets).Select(_ => random.NextDouble()).ToArray())];
    }
}
