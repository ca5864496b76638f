using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public class RankingTests
{
    [Fact]
    public void Spearman_shares_ranks_among_equals()
    {
        Assert.Equal(1, Ranking.Spearman([1, 2, 3], [10, 20, 400]), 1e-12);
        // Ranks 1 2.5 2.5 4 and 1 2 3 4.
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), Ranking.Spearman([1, 2, 2, 3], [1, 2, 3, 4]), 1e-12);
        Assert.Equal(0, Ranking.Spearman([1, 1, 1], [1, 2, 3]));
    }

    [Theory]
    [InlineData(2, 1000)]
    [InlineData(50, 1000)]
    [InlineData(61, 3)]
    [InlineData(200, 8)]
    public void Kendall_is_the_count_of_all_pairs(int n, int values)
    {
        double[] Rounded(int seed) => [.. Draws.Normal(seed, n).Select(value => Math.Round(value * values / 4))];
        var a = Rounded(1);
        var b = Rounded(2);
        b = [.. b.Select((value, i) => value + Math.Round(a[i] / 2))];
        var difference = 0.0;
        var pairsA = 0.0;
        var pairsB = 0.0;
        for (var i = 0; i < n; i++)
        for (var j = 0; j < i; j++)
        {
            difference += Math.Sign(a[i] - a[j]) * Math.Sign(b[i] - b[j]);
            pairsA += Math.Abs(Math.Sign(a[i] - a[j]));
            pairsB += Math.Abs(Math.Sign(b[i] - b[j]));
        }

        Assert.Equal(difference / Math.Sqrt(pairsA * pairsB), Ranking.Kendall(a, b), 1e-12);
        Assert.Equal(-Ranking.Kendall(a, b), Ranking.Kendall(a, [.. b.Select(value => -value)]), 1e-12);
    }

    [Fact]
    public void Kendall_of_a_constant_is_zero() => Assert.Equal(0, Ranking.Kendall([1, 1, 1], [1, 2, 3]));

    [Fact]
    public void Methods_are_compared_over_all_candidates_and_in_their_top()
    {
        var agreement = RankAgreement.Between("das", [5, 4, 3, 2, 1], "trak", [5, 3, 4, 1, 2], 2);
        Assert.Equal(("das", "trak", 2, 0.5), (agreement.A, agreement.B, agreement.Top, agreement.TopOverlap));
        Assert.Equal(0.8, agreement.Spearman, 1e-12);
        Assert.Equal(0.6, agreement.Kendall, 1e-12);
        Assert.Equal(
            (5, 1.0),
            (
                RankAgreement.Between("a", [1, 2, 3, 4, 5], "b", [5, 4, 3, 2, 1], 9) is var all
                    ? (all.Top, all.TopOverlap)
                    : default
            )
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => RankAgreement.Between("a", [1], "b", [1, 2], 1));
    }
}
