using DasAudit.Core.Attribution.Sets;

namespace DasAudit.Core.Tests.Attribution.Sets;

/// <summary>Sets chosen by the squared change of an output, against refits.</summary>
public class SquaredSubsetTests
{
    private static readonly SubsetOptions Two = new() { Size = 2 };

    [Theory]
    [InlineData(SubsetSearch.Greedy)]
    [InlineData(SubsetSearch.LeverageAdjusted)]
    public void For_squares_too_copies_that_hide_each_other_are_found_by_adaptive_search_alone(SubsetSearch blind)
    {
        // Whether the output rises or falls without them.
        foreach (var sign in new[] { 1.0, -1.0 })
        {
            var fit = new RidgeFit(
                [
                    [1, 0],
                    [1, 0],
                    [0, 0.3],
                ],
                [sign, 0.98 * sign, 0.0265 * sign],
                [1, 1],
                0.1
            );
            var first = MostInfluentialSubset.OfRefits(Refits.Squared(fit), Two with { Search = blind });
            var adaptive = MostInfluentialSubset.OfRefits(Refits.Squared(fit), Two);

            Assert.Contains(2, first.Order);
            Assert.Equal([0, 1], adaptive.Order.Order());
            Assert.True(adaptive.Influence[^1] > 25 * first.Influence[^1]);
            Assert.Equal(Math.Pow(fit.Influence(0, 1), 2), adaptive.Influence[^1], 1e-8);
        }
    }

    [Theory]
    [InlineData(SubsetSearch.Greedy)]
    [InlineData(SubsetSearch.LeverageAdjusted)]
    public void For_squares_too_pictures_that_cancel_each_other_are_avoided_by_adaptive_search_alone(SubsetSearch blind)
    {
        // 0 and 1 pull hardest, in opposite directions; 2 pulls with 0.
        var fit = new RidgeFit(
            [
                [1, 0],
                [1, 0],
                [1, 0.1],
            ],
            [2, -1.4, 1],
            [1, 0],
            5
        );
        var first = MostInfluentialSubset.OfRefits(
            Refits.Squared(fit),
            Two with
            {
                Search = blind,
                StopAtZero = false,
            }
        );
        var adaptive = MostInfluentialSubset.OfRefits(Refits.Squared(fit), Two);

        Assert.Equal([0, 1], first.Order.Order());
        Assert.Equal([0, 2], adaptive.Order.Order());
        Assert.True(adaptive.Influence[^1] > 10 * first.Influence[^1]);
        Assert.Equal(Math.Pow(fit.Influence(0, 2), 2), adaptive.Influence[^1], 1e-8);
    }

    [Fact]
    public void The_search_for_squares_stops_where_every_other_picture_would_cancel()
    {
        var fits = new[] { Refits.Random(12, 4, 0.3), Refits.Random(12, 4, 0.3, 1000) };
        var all = MostInfluentialSubset.OfRefits(Refits.Squared(fits), new() { Size = 12, StopAtZero = false });
        var stopped = MostInfluentialSubset.OfRefits(Refits.Squared(fits), new() { Size = 12 });
        Assert.InRange(stopped.Order.Count, 1, 11);
        Assert.Equal(all.Order.Take(stopped.Order.Count), stopped.Order);
        Assert.Equal(stopped.Influence.Order(), stopped.Influence);
        Assert.All(
            Enumerable.Range(0, 12).Except(stopped.Order),
            i =>
                Assert.True(
                    fits.Average(fit => Math.Pow(fit.Influence([.. stopped.Order, i]), 2)) <= stopped.Influence[^1]
                )
        );
    }
}
