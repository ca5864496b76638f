using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;

namespace DasAudit.Core.Tests.Audits;

public class GroupSharesTests
{
    [Fact]
    public void Shares_are_parts_of_all_scores_largest_first()
    {
        var shares = GroupShares.Compute(["a", "b", "a", "c"], Draws.Additive([1, 5, 1, 3]));
        Assert.Equal(["b", "c", "a"], shares.Select(s => s.Key));
        Assert.Equal([0.5, 0.3, 0.2], shares.Select(s => s.Share));
        Assert.Equal([1, 1, 2], shares.Select(s => s.Items));
        Assert.All(shares, s => Assert.Null(s.Low));
    }

    [Fact]
    public void Squares_of_changes_are_added_up_too_and_decoys_have_no_part()
    {
        // Scores are 1, 8.5, 2.5, 2, 2; the last row is a decoy.
        var shares = GroupShares.Compute(
            ["a", "b", "a", "c", "c"],
            Draws.Squared([
                [1, 1, 2, 2, -2, 100],
                [1, 4, -1, 0, 0, 100],
            ])
        );
        Assert.Equal([("b", 8.5 / 16), ("c", 4 / 16.0), ("a", 3.5 / 16)], shares.Select(s => (s.Key, s.Share)));
    }

    [Fact]
    public void Pictures_that_work_against_the_query_take_nothing_from_their_group()
    {
        var shares = GroupShares.Compute(["a", "b", "c", "a"], Draws.Additive([3, -5, 1, -9]));
        Assert.Equal([("a", 0.75), ("c", 0.25), ("b", 0)], shares.Select(s => (s.Key, s.Share)));
    }

    [Fact]
    public void What_counts_is_the_mean_over_noise_draws()
    {
        // Means are 2, −1, 2: the second picture counts in no draw.
        var shares = GroupShares.Compute(["a", "a", "b"], Draws.Additive([1, 2, 1], [3, -4, 3]));
        Assert.Equal([("a", 0.5), ("b", 0.5)], shares.Select(s => (s.Key, s.Share)));
        Assert.All(shares, s => Assert.Equal((0.5, 0.5), (s.Low, s.High)));
    }

    [Fact]
    public void The_interval_is_students_over_noise_draws()
    {
        // Parts of a: 0.5, 0.6, 0.7; t(0.975; 2) = 4.30265, standard error 0.1/√3.
        var shares = GroupShares.Compute(["a", "b"], Draws.Additive([5, 5], [6, 4], [7, 3]));
        var a = shares.Single(s => s.Key == "a");
        Assert.Equal(0.6, a.Share, 1e-12);
        Assert.Equal(0.6 - 4.3026527 * 0.1 / Math.Sqrt(3), a.Low!.Value, 1e-6);
        Assert.Equal(0.6 + 4.3026527 * 0.1 / Math.Sqrt(3), a.High!.Value, 1e-6);
    }

    /// <summary>A jackknife over draws, which knows nothing of the formula, comes to nearly the same error.</summary>
    [Fact]
    public void The_interval_is_that_of_a_ratio_of_means()
    {
        const int draws = 40;
        double[][] values =
        [
            .. Enumerable.Range(0, draws).Select(r => Draws.Normal(r, 6).Select((value, i) => 3 + i + value).ToArray()),
        ];
        string[] groups = ["a", "a", "b", "b", "c", "c"];
        var share = Of(values);
        double[] without =
        [
            .. Enumerable.Range(0, draws).Select(r => Of([.. values.Where((_, other) => other != r)]).Share),
        ];
        var error = Math.Sqrt(without.Sum(part => Math.Pow(part - without.Average(), 2)) * (draws - 1) / draws);

        Assert.Equal(2.0227 * error, share.High!.Value - share.Share, 0.02 * error);
        Assert.Equal(share.Share - share.Low!.Value, share.High!.Value - share.Share, 1e-12);

        Core.Reports.GroupShare Of(double[][] byReplicate) =>
            GroupShares.Compute(groups, Draws.Additive(byReplicate)).Single(group => group.Key == "b");
    }

    [Fact]
    public void Intervals_stay_within_zero_and_one_and_shares_sum_to_one()
    {
        var shares = GroupShares.Compute(
            ["a", "b"],
            Draws.Squared(
                [
                    [1, 0],
                ],
                [
                    [0.2, 0.8],
                ],
                [
                    [0, 0],
                ]
            )
        );
        Assert.Equal(1, shares.Sum(s => s.Share), 1e-12);
        Assert.All(shares, s => Assert.True(s.Low >= 0 && s.High <= 1));
        Assert.All(shares, s => Assert.InRange(s.Share, s.Low!.Value, s.High!.Value));
    }

    [Fact]
    public void Scores_that_are_all_zero_give_shares_of_zero() =>
        Assert.Equal([0, 0], GroupShares.Compute(["a", "b"], Draws.Additive([0, 0])).Select(s => s.Share));

    /// <summary>Signs, squares, squares of which one factor is of other draws, and rises of a variance.</summary>
    [Fact]
    public void However_a_group_splits_its_parts_have_its_share()
    {
        const int pictures = 60;
        var inner = Draws.Inner(3, 4, 2, pictures);
        var squared = Draws.Squared(inner);
        QueryScores[] kinds =
        [
            Draws.Additive([.. Enumerable.Range(0, 4).Select(r => Draws.Normal(r, pictures))]),
            squared,
            squared with
            {
                SquaresAddUp = true,
            },
            Products(inner, Draws.Inner(5, 4, 2, pictures)),
        ];
        string[] groups = [.. Enumerable.Range(0, pictures).Select(i => i % 3 == 0 ? "a" : "b")];
        var random = new Random(1);
        foreach (var scores in kinds)
        {
            var whole = GroupShares.Compute(groups, scores).Single(share => share.Key == "a");
            foreach (var parts in Enumerable.Range(2, 10))
            {
                var split = groups.Select(key => key == "a" ? $"a{random.Next(parts)}" : key);
                var shares = GroupShares.Compute([.. split], scores);
                Assert.Equal(whole.Share, shares.Where(share => share.Key[0] == 'a').Sum(share => share.Share), 1e-12);
            }
        }
    }

    private static QueryScores Products(double[][][] inner, double[][][] partners) =>
        new([.. inner.Zip(partners, (s, t) => QueryScores.MeanProducts(s, t))]) { Inner = inner, Partners = partners };
}
