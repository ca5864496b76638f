using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Sets;

namespace DasAudit.Core.Tests.Attribution.Sets;

/// <summary>Sets chosen by the change of an output, against refits.</summary>
public class MostInfluentialSubsetTests
{
    private static readonly SubsetOptions Two = new() { Size = 2 };

    [Theory]
    [InlineData(12, 4, 0.3)]
    [InlineData(8, 20, 1.5)]
    [InlineData(15, 15, 0.01)]
    public void Adaptive_search_takes_what_refitting_from_scratch_at_every_pick_takes(int n, int k, double damping)
    {
        var fit = Refits.Random(n, k, damping);
        var options = new SubsetOptions { Size = n, StopAtZero = false };
        var found = MostInfluentialSubset.OfRefits(Refits.Change(fit), options);

        var taken = new List<int>();
        for (var pick = 0; pick < n; pick++)
        {
            var best = Enumerable.Range(0, n).Except(taken).MaxBy(i => fit.Influence([.. taken, i]));
            taken.Add(best);
            Assert.Equal(best, found.Order[pick]);
            var expected = fit.Influence(taken);
            Assert.Equal(expected, found.Influence[pick], 1e-8 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(SubsetSearch.Greedy)]
    [InlineData(SubsetSearch.LeverageAdjusted)]
    public void The_influence_after_each_pick_is_that_of_refits_in_every_order(SubsetSearch search)
    {
        var fit = Refits.Random(12, 4, 0.3);
        var found = MostInfluentialSubset.OfRefits(
            Refits.Change(fit),
            new()
            {
                Size = 6,
                Search = search,
                StopAtZero = false,
            }
        );
        for (var pick = 0; pick < 6; pick++)
            Assert.Equal(fit.Influence([.. found.Order.Take(pick + 1)]), found.Influence[pick], 1e-8);
    }

    [Fact]
    public void Leverage_adjusted_search_orders_by_exact_influences_of_single_pictures()
    {
        var fit = Refits.Random(12, 4, 0.3);
        var found = MostInfluentialSubset.OfRefits(
            Refits.Change(fit),
            new()
            {
                Size = 12,
                Search = SubsetSearch.LeverageAdjusted,
                StopAtZero = false,
            }
        );
        Assert.Equal(Enumerable.Range(0, 12).OrderByDescending(i => fit.Influence(i)), found.Order);
    }

    [Theory]
    [InlineData(SubsetSearch.Greedy)]
    [InlineData(SubsetSearch.LeverageAdjusted)]
    public void Copies_that_hide_each_other_are_found_by_adaptive_search_alone(SubsetSearch blind)
    {
        // 0 and 1 are nearly copies: without one the other still holds the output up, without both it falls. 2 stands
        // alone.
        var fit = new RidgeFit(
            [
                [1, 0],
                [1, 0],
                [0, 0.3],
            ],
            [1, 0.98, 0.0265],
            [1, 1],
            0.1
        );
        var first = MostInfluentialSubset.OfRefits(Refits.Change(fit), Two with { Search = blind });
        var adaptive = MostInfluentialSubset.OfRefits(Refits.Change(fit), Two);

        Assert.Contains(2, first.Order);
        Assert.Equal([0, 1], adaptive.Order.Order());
        Assert.True(adaptive.Influence[^1] > 5 * first.Influence[^1]);
        Assert.Equal(fit.Influence(0, 1), adaptive.Influence[^1], 1e-8);
    }

    [Theory]
    [InlineData(SubsetSearch.Greedy)]
    [InlineData(SubsetSearch.LeverageAdjusted)]
    public void Pictures_that_cancel_each_other_are_avoided_by_adaptive_search_alone(SubsetSearch blind)
    {
        // 3 and 4 each hold the output up alone; without both it rises.
        var fit = new RidgeFit(
            [
                [0, 1],
                [0, -2],
                [-3, -2],
                [1, -3],
                [-3, 3],
            ],
            [-5, 5, -1, -5, -4],
            [2, 1],
            0.5
        );
        var first = MostInfluentialSubset.OfRefits(Refits.Change(fit), Two with { Search = blind });
        var adaptive = MostInfluentialSubset.OfRefits(Refits.Change(fit), Two);

        Assert.Equal([3, 4], first.Order.Order());
        Assert.True(first.Influence[^1] < 0);
        var best = Enumerable
            .Range(0, 5)
            .SelectMany(i => Enumerable.Range(0, i).Select(j => fit.Influence(i, j)))
            .Max();
        Assert.Equal(best, adaptive.Influence[^1], 1e-8);
    }

    [Theory]
    [InlineData(2, 12, 4, 0.3)]
    [InlineData(3, 8, 20, 1.5)]
    public void Adaptive_search_over_several_kernels_takes_what_refits_of_all_at_every_pick_take(
        int kernels,
        int n,
        int k,
        double damping
    )
    {
        var fits = Enumerable.Range(0, kernels).Select(b => Refits.Random(n, k, damping, 1000 * b)).ToArray();
        var found = MostInfluentialSubset.OfRefits(Refits.Squared(fits), new() { Size = n, StopAtZero = false });
        var signed = MostInfluentialSubset.OfRefits(Refits.Change(fits), new() { Size = n, StopAtZero = false });
        Check(found, set => fits.Average(fit => Math.Pow(fit.Influence(set), 2)));
        Check(signed, set => fits.Average(fit => fit.Influence(set)));

        void Check(InfluentialSubset subset, Func<int[], double> refit)
        {
            int[] taken = [];
            foreach (var (pick, picture) in subset.Order.Index())
            {
                Assert.Equal(Enumerable.Range(0, n).Except(taken).MaxBy(i => refit([.. taken, i])), picture);
                taken = [.. taken, picture];
                Assert.Equal(refit(taken), subset.Influence[pick], 1e-8 * Math.Max(1, Math.Abs(refit(taken))));
            }
        }
    }

    [Fact]
    public void The_search_stops_where_nothing_helps_any_more()
    {
        var fit = Refits.Random(12, 4, 0.3);
        var all = MostInfluentialSubset.OfRefits(Refits.Change(fit), new() { Size = 12, StopAtZero = false });
        var stopped = MostInfluentialSubset.OfRefits(Refits.Change(fit), new() { Size = 12 });

        Assert.InRange(stopped.Order.Count, 1, 11);
        Assert.Equal(all.Order.Take(stopped.Order.Count), stopped.Order);
        Assert.All(
            Enumerable.Range(1, stopped.Order.Count - 1),
            i => Assert.True(stopped.Influence[i] > stopped.Influence[i - 1])
        );
        Assert.True(all.Influence[stopped.Order.Count] <= stopped.Influence[^1]);
    }

    [Fact]
    public void A_picture_without_which_the_model_is_not_determined_is_refused()
    {
        var model = new RefitInfluence([new([1, 1], [1, 0, 0, 0.5], [1, 1])], SetEffect.Change);
        Assert.Contains(
            "damping",
            Assert.Throws<AuditException>(() => MostInfluentialSubset.OfRefits(model, Two)).Message,
            StringComparison.Ordinal
        );
    }
}
