using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public class SignedRankTestTests
{
    /// <summary>Critical values of the usual tables: T ≤ 0 at n = 6, T ≤ 8 at n = 10, two-sided 5 %.</summary>
    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4, 5, 6 }, 2.0 / 64)]
    [InlineData(new[] { -1.0, 2, 3, 4, 5, 6, -7, 8, 9, 10 }, 50.0 / 1024)]
    [InlineData(new[] { 1.0, -2, 3, 4, 5, 6, -7, 8, 9, 10 }, 66.0 / 1024)]
    public void Tables_are_met(double[] differences, double expected) =>
        Assert.Equal(expected, SignedRankTest.PValue(differences), 1e-12);

    [Fact]
    public void With_ties_it_counts_all_signs()
    {
        double[] differences = [0.5, -0.5, 1, 1, 1, -2, 3, 3, 0];
        // The mean ranks of 0.5, 0.5, 1, 1, 1, 2, 3, 3; that of 0 is left out.
        double[] ranks = [1.5, 1.5, 4, 4, 4, 6, 7.5, 7.5];
        var observed = Math.Abs(1.5 - 1.5 + 4 + 4 + 4 - 6 + 7.5 + 7.5);
        var asFar = Enumerable
            .Range(0, 1 << ranks.Length)
            .Count(signs =>
                Math.Abs(ranks.Select((rank, place) => (signs >> place & 1) == 1 ? rank : -rank).Sum()) >= observed
            );

        Assert.Equal(asFar / 256.0, SignedRankTest.PValue(differences), 1e-12);
    }

    [Fact]
    public void Many_differences_are_close_to_the_exact_test()
    {
        double[] differences = [.. Enumerable.Range(1, 60).Select(i => i % 3 == 0 ? -i : (double)i)];
        var observed = differences.Where(value => value > 0).Sum();
        var ways = new double[1831];
        ways[0] = 1;
        for (var rank = 1; rank <= 60; rank++)
        for (var sum = 1830; sum >= rank; sum--)
            ways[sum] += ways[sum - rank];
        var exact = 2 * ways.Skip((int)observed).Sum() / Math.Pow(2, 60);

        Assert.InRange(SignedRankTest.PValue(differences), 0.97 * exact, 1.03 * exact);
    }

    [Fact]
    public void Differences_of_zero_say_nothing()
    {
        Assert.Equal(1, SignedRankTest.PValue([0, 0, 0]));
        Assert.Equal(1, SignedRankTest.PValue([1, -1]));
    }
}
