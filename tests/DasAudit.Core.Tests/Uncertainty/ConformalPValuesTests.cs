using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public class ConformalPValuesTests
{
    [Fact]
    public void P_counts_the_decoys_that_score_at_least_as_high() =>
        Assert.Equal(
            [1 / 5.0, 3 / 5.0, 3 / 5.0, 4 / 5.0, 1],
            ConformalPValues.Compute([9, 5, 4.5, 4, 0], [7, 5, 4, 1])
        );

    [Fact]
    public void Without_decoys_p_is_one() => Assert.Equal([1.0], ConformalPValues.Compute([3], []));

    [Fact]
    public void P_is_uniform_where_the_picture_is_another_decoy()
    {
        // 4000 independent draws of a score among 19 decoys, of a skewed distribution.
        var pValues = Enumerable
            .Range(0, 4000)
            .Select(draw =>
            {
                var scores = Draws.Normal(draw, 20).Select(value => Math.Exp(2 * value)).ToArray();
                return ConformalPValues.Compute(scores[..1], scores[1..])[0];
            })
            .ToList();
        Assert.True(Draws.KolmogorovSmirnov(pValues, 20) < 1.95);
        Assert.Equal(0.05, pValues.Min());
    }

    [Fact]
    public void The_uniformity_check_notices_a_slightly_wrong_p()
    {
        // The same without the "1 +" above the line.
        var pValues = Enumerable
            .Range(0, 4000)
            .Select(draw =>
            {
                var scores = Draws.Normal(draw, 20);
                return scores[1..].Count(decoy => decoy >= scores[0]) / 20.0;
            })
            .ToList();
        Assert.True(Draws.KolmogorovSmirnov(pValues, 20) > 1.95);
    }

    [Fact]
    public void Ties_only_make_p_larger()
    {
        // Scores take four values, so most decoys tie.
        var pValues = Enumerable
            .Range(0, 4000)
            .Select(draw =>
            {
                var scores = Draws.Normal(draw, 20).Select(value => Math.Clamp(Math.Round(value), -1, 2)).ToArray();
                return ConformalPValues.Compute(scores[..1], scores[1..])[0];
            })
            .ToList();
        for (var k = 1; k <= 20; k++)
        {
            var level = k / 20.0;
            var rate = pValues.Count(p => p <= (k + 0.5) / 20) / 4000.0;
            Assert.True(rate <= level + 3.3 * Math.Sqrt(level * (1 - level) / 4000), $"{rate} of p-values at {level}");
        }

        Assert.True(pValues.Count(p => p <= 0.525) / 4000.0 < 0.45);
    }

    [Fact]
    public void Matched_decoys_are_those_of_the_same_similarity()
    {
        double[] similarities = [0.9, 0.1, 0.5, 0.3];
        // Bins below 0.3, from 0.3, from 0.7 with two decoys each.
        double[] decoys = [10, 1, 5, 2, 20, 8];
        double[] decoySimilarities = [0.9, 0.1, 0.4, 0.2, 0.7, 0.3];
        var p = ConformalPValues.Matched([15, 1.5, 9, 4], similarities, decoys, decoySimilarities, 3);
        Assert.Equal([2 / 3.0, 2 / 3.0, 1 / 3.0, 1], p);
        Assert.Equal(
            ConformalPValues.Compute([15, 1.5, 9, 4], decoys),
            ConformalPValues.Matched([15, 1.5, 9, 4], similarities, decoys, decoySimilarities, 1)
        );
    }

    [Fact]
    public void Matching_takes_away_what_resemblance_explains()
    {
        // Scores that grow with similarity alone, and candidates that are all more similar than most decoys.
        var matched = new List<double>();
        var unmatched = new List<double>();
        for (var draw = 0; draw < 1000; draw++)
        {
            var noise = Draws.Normal(draw, 401);
            double[] similar = [.. Enumerable.Range(0, 400).Select(j => j / 400.0)];
            double[] decoys = [.. similar.Select((s, j) => 5 * s + 0.3 * noise[j])];
            double[] own = [0.8 + 0.2 * ((draw * 0.618) % 1)];
            double[] score = [5 * own[0] + 0.3 * noise[400]];
            matched.Add(ConformalPValues.Matched(score, own, decoys, similar, 40)[0]);
            unmatched.Add(ConformalPValues.Compute(score, decoys)[0]);
        }

        Assert.InRange(matched.Average(), 0.5, 0.6);
        Assert.True(unmatched.Average() < 0.15);
    }
}
