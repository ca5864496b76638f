using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public class QueryPermutationTests
{
    [Fact]
    public void P_is_the_rank_among_the_other_queries() =>
        Assert.Equal(
            [1 / 4.0, 2 / 4.0, 1],
            QueryPermutation.PValues([
                [5, 2, 1],
                [4, 2, 1],
                [3, 1, 1],
                [2, 1, 1],
            ])
        );

    [Fact]
    public void A_picture_that_matters_to_all_queries_alike_does_not_stand_out_and_one_that_matters_to_this_one_does()
    {
        // 200 queries, 30 pictures; picture 0 scores high everywhere, picture 1 with the audited query alone. Queries
        // differ in size.
        var byQuery = Enumerable
            .Range(0, 200)
            .Select(q =>
                Draws
                    .Normal(q, 30)
                    .Select((value, i) => (1 + q % 7) * (value + (i == 0 ? 10 : 0) + (i == 1 && q == 0 ? 10 : 0)))
                    .ToArray()
            )
            .ToArray();
        var p = QueryPermutation.PValues(TwoWayStandardisation.ByQuery(byQuery));
        var effect = TwoWayStandardisation.Compute(byQuery);

        Assert.Equal(1 / 200.0, p[1]);
        Assert.True(p[0] > 0.05);
        Assert.True(effect[0][1] > 4);
        Assert.InRange(effect[0][0], -3, 3);
    }

    [Fact]
    public void P_is_uniform_where_the_query_is_as_any_other()
    {
        var p = Enumerable
            .Range(0, 3000)
            .Select(draw =>
            {
                var scores = Draws.Normal(draw, 10);
                return QueryPermutation.PValues([.. scores.Select(score => new[] { score })])[0];
            })
            .ToList();
        Assert.True(Draws.KolmogorovSmirnov(p, 10) < 1.95);
    }

    [Fact]
    public void Standardised_scores_are_robust_standard_deviations_from_the_median()
    {
        // Median 3, absolute deviations 2 1 0 1 97: MAD 1.
        double[] expected = [-2 / 1.4826, -1 / 1.4826, 0, 1 / 1.4826, 97 / 1.4826];
        Assert.Equal(
            expected,
            TwoWayStandardisation.ByQuery([
                [1, 2, 3, 4, 100],
            ])[0]
        );
        Assert.Equal(
            [0, 0, 0],
            TwoWayStandardisation.ByQuery([
                [7, 7, 8],
            ])[0]
        );
    }

    [Fact]
    public void Standardising_both_ways_takes_away_what_queries_and_pictures_have_of_their_own()
    {
        var plain = Enumerable.Range(0, 9).Select(q => Draws.Normal(q, 7)).ToArray();
        var shifted = plain.Select((row, q) => row.Select(value => 3 * q + (q + 1) * value).ToArray()).ToArray();
        var a = TwoWayStandardisation.Compute(plain);
        var b = TwoWayStandardisation.Compute(shifted);
        for (var q = 0; q < 9; q++)
        for (var i = 0; i < 7; i++)
            Assert.Equal(a[q][i], b[q][i], 1e-9);
        for (var i = 0; i < 7; i++)
            Assert.Equal(0, a.Select(row => row[i]).Order().ElementAt(4), 1e-12);
    }
}
