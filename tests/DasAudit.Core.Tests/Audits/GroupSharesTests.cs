using DasAudit.Core.Audits;

namespace DasAudit.Core.Tests.Audits;

public class GroupSharesTests
{
    [Fact]
    public void Shares_are_parts_of_the_total_influence_largest_first()
    {
        var shares = GroupShares.Compute(["a", "b", "a", "c"], Draws.Additive([1, 5, 1, 3]));
        Assert.Equal(["b", "c", "a"], shares.Select(s => s.Key));
        Assert.Equal([0.5, 0.3, 0.2], shares.Select(s => s.Share));
        Assert.Equal([1, 1, 2], shares.Select(s => s.Items));
        Assert.All(shares, s => Assert.Null(s.Low));
    }

    [Fact]
    public void A_group_has_the_length_of_the_change_of_its_pictures_together_and_decoys_have_none()
    {
        // a: (1 + 2)² + (1 − 1)² = 9, b: 1² + 4² = 17, c: (2 − 2)² = 0; the last row is a decoy.
        var shares = GroupShares.Compute(
            ["a", "b", "a", "c", "c"],
            Draws.Squared([
                [1, 1, 2, 2, -2, 100],
                [1, 4, -1, 0, 0, 100],
            ])
        );
        var (a, b) = (Math.Sqrt(9), Math.Sqrt(17));
        Assert.Equal(["b", "a", "c"], shares.Select(s => s.Key));
        Assert.Equal(b / (a + b), shares[0].Share, 1e-12);
        Assert.Equal(a / (a + b), shares[1].Share, 1e-12);
        Assert.Equal(0, shares[2].Share);
    }

    [Fact]
    public void A_group_that_works_against_the_query_has_no_share()
    {
        var shares = GroupShares.Compute(["a", "b", "c"], Draws.Additive([3, -5, 1]));
        Assert.Equal([("a", 0.75), ("c", 0.25), ("b", 0)], shares.Select(s => (s.Key, s.Share)));
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
        Assert.All(GroupShares.Compute(["a", "b"], Draws.Additive([0, 0])), s => Assert.Equal(0, s.Share));
}
