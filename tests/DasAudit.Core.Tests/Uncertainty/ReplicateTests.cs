using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Uncertainty;
using MathNet.Numerics.Distributions;

namespace DasAudit.Core.Tests.Uncertainty;

public class ReplicateTests
{
    [Fact]
    public void The_intraclass_correlation_is_that_of_the_textbook()
    {
        // Shrout and Fleiss (1979), table 2: six targets, four judges; ICC(1) = 0.166.
        var scores = Draws.Additive([9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]);
        Assert.Equal(0.1657, IntraclassCorrelation.Compute(scores, 6)!.Value, 1e-4);
    }

    [Fact]
    public void The_intraclass_correlation_finds_the_part_of_variance_between_pictures()
    {
        // Variance 3 between pictures, 1 between draws.
        var pictures = Draws.Normal(1, 5000);
        var scores = Draws.Additive([
            .. Enumerable
                .Range(2, 4)
                .Select(r => Draws.Normal(r, 5000).Select((noise, i) => Math.Sqrt(3) * pictures[i] + noise).ToArray()),
        ]);
        Assert.Equal(0.75, IntraclassCorrelation.Compute(scores, 5000)!.Value, 0.02);
    }

    [Fact]
    public void The_intraclass_correlation_is_never_negative_and_looks_at_members_alone()
    {
        Assert.Equal(0, IntraclassCorrelation.Compute(Draws.Additive([1, 2, 3], [3, 2, 1]), 3));
        Assert.Equal(1, IntraclassCorrelation.Compute(Draws.Additive([1, 2, 9], [1, 2, -9]), 2)!.Value, 1e-12);
        Assert.Null(IntraclassCorrelation.Compute(Draws.Additive([1, 2, 3]), 3));
        Assert.Null(IntraclassCorrelation.Compute(Draws.Additive([2, 2], [2, 2]), 2));
        Assert.Null(IntraclassCorrelation.Compute(Draws.Additive([2], [3]), 1));
    }

    [Theory]
    [InlineData(new[] { 1.0, 2, 0.5, 1.5 })]
    [InlineData(new[] { 1.0, -1, 0.5, -0.2 })]
    [InlineData(new[] { 0.3, 0.4 })]
    [InlineData(new[] { -1.0, -2, -4 })]
    public void The_probability_of_two_pictures_is_students(double[] differences)
    {
        // What both pictures share, here up to 100, must not matter.
        var scores = Draws.Additive([.. differences.Select((d, r) => new[] { d + 50 * r, 50.0 * r })]);
        var mean = differences.Average();
        var n = differences.Length;
        var error = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (n - 1) / n);
        var expected = StudentT.CDF(0, 1, n - 1, mean / error);

        var actual = TopProbability.Compute(scores, 2, 1, seed: 7, draws: 20_000)!;

        Assert.Equal(expected, actual[0], 4 * Math.Sqrt(0.25 / 20_000));
        Assert.Equal(1, actual.Sum(), 1e-12);
    }

    [Fact]
    public void Probabilities_sum_to_the_length_of_the_list_and_leave_decoys_out()
    {
        var scores = Draws.Squared(Draws.Inner(5, 4, 2, 30));
        var top = TopProbability.Compute(scores, 25, 6, seed: 1)!;
        Assert.Equal(25, top.Length);
        Assert.Equal(6, top.Sum(), 1e-9);
        Assert.All(TopProbability.Compute(scores, 25, 25, seed: 1)!, p => Assert.Equal(1, p));
        Assert.All(TopProbability.Compute(scores, 25, 100, seed: 1)!, p => Assert.Equal(1, p));
    }

    [Fact]
    public void Probabilities_depend_on_the_seed_alone_and_not_on_other_rows()
    {
        var scores = Draws.Squared(Draws.Inner(5, 4, 2, 30));
        var cut = new QueryScores([.. scores.ByReplicate.Select(values => values[..25])]);
        Assert.Equal(TopProbability.Compute(scores, 25, 6, seed: 1), TopProbability.Compute(cut, 25, 6, seed: 1));
        Assert.NotEqual(TopProbability.Compute(scores, 25, 6, seed: 1), TopProbability.Compute(scores, 25, 6, seed: 2));
        Assert.Null(TopProbability.Compute(Draws.Additive([1, 2]), 2, 1, seed: 1));
    }

    [Fact]
    public void Of_pictures_that_are_equal_the_first_is_the_top_as_in_reports() =>
        Assert.Equal([1, 0, 1], TopProbability.Compute(Draws.Additive([2, 2, 3], [2, 2, 3]), 3, 2, seed: 1)!);

    [Fact]
    public void Rank_stability_is_the_mean_over_pairs_of_draws()
    {
        // Spearman of the pairs: 1, −1, −1; top two in common: 2, 0, 0 of 2, 4, 4.
        var stability = RankStability.Of(Draws.Additive([4, 3, 2, 1, 9], [8, 3, 2, 1, 0], [1, 2, 3, 4, 5]), 4, 2)!;
        Assert.Equal(-1 / 3.0, stability.Spearman, 1e-12);
        Assert.Equal(1 / 3.0, stability.Jaccard, 1e-12);
        Assert.Equal(2, stability.Top);
        Assert.Null(RankStability.Of(Draws.Additive([4, 3]), 2, 2));
    }
}
