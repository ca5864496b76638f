using DasAudit.Core.Evaluation.Holdout;

namespace DasAudit.Core.Tests.Evaluation.Holdout;

public sealed class GroupRankingTests
{
    private static readonly double[] Truth = [1, 5, 3, 2];

    [Theory]
    [InlineData(new[] { 0.1, 0.6, 0.2, 0.1 }, 1)]
    [InlineData(new[] { 0.6, 0.1, 0.2, 0.1 }, 0)]
    [InlineData(new[] { 0.4, 0.4, 0.1, 0.1 }, 0.5)]
    [InlineData(new[] { 0.4, 0.1, 0.1, 0.4 }, 0)]
    [InlineData(new double[] { 0, 0, 0, 0 }, 0.25)]
    public void The_largest_share_is_that_of_the_group_that_mattered_most(double[] shares, double top) =>
        Assert.Equal(top, GroupRanking.Top(Truth, shares));

    [Fact]
    public void Gains_are_discounted_by_place()
    {
        // Gains are 0, 4, 2, 1: at best 4, 2, 1; here 0, 2, 4.
        var best = 4 + 2 / Math.Log2(3) + 1 / Math.Log2(4);
        var gain = GroupRanking.Gain(Truth, [0.4, 0.2, 0.3, 0.1]);
        Assert.Equal((2 / Math.Log2(3) + 4 / Math.Log2(4)) / best, gain, 1e-12);
        Assert.Equal(1, GroupRanking.Gain(Truth, [0, 3, 2, 1]), 1e-12);
    }

    [Fact]
    public void Equal_shares_are_worth_what_order_at_random_is()
    {
        var orders = Orders([0, 1, 2, 3]).ToList();
        var mean = orders.Average(order => GroupRanking.Gain(Truth, [.. order.Select(rank => (double)rank)]));
        Assert.Equal(24, orders.Count);
        Assert.Equal(mean, GroupRanking.Gain(Truth, [0, 0, 0, 0]), 1e-12);
        Assert.Equal(0, GroupRanking.Spearman(Truth, [0, 0, 0, 0]));
    }

    [Fact]
    public void Where_all_groups_mattered_alike_any_order_is_right() =>
        Assert.Equal(1, GroupRanking.Gain([2, 2, 2], [0, 1, 0]));

    private static IEnumerable<int[]> Orders(int[] left) =>
        left.Length == 0
            ?
            [
                [],
            ]
            : left.SelectMany(first =>
                Orders([.. left.Where(any => any != first)]).Select(rest => (int[])[first, .. rest])
            );
}
