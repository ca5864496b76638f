using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Sets;
using TorchSharp;

namespace DasAudit.Core.Tests.Attribution.Sets;

public class MostInfluentialSubsetTests
{
    private static readonly SubsetOptions Two = new() { Size = 2 };

    [Theory]
    [InlineData(12, 4, 0.3)]
    [InlineData(8, 20, 1.5)]
    [InlineData(15, 15, 0.01)]
    public void Adaptive_search_takes_what_refitting_from_scratch_at_every_pick_takes(int n, int k, double damping)
    {
        var fit = Random(n, k, damping);
        var options = new SubsetOptions { Size = n, StopAtZero = false };
        var found = MostInfluentialSubset.OfRefits(Model(fit), options);

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
        var fit = Random(12, 4, 0.3);
        var found = MostInfluentialSubset.OfRefits(
            Model(fit),
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
        var fit = Random(12, 4, 0.3);
        var found = MostInfluentialSubset.OfRefits(
            Model(fit),
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
        var first = MostInfluentialSubset.OfRefits(Model(fit), Two with { Search = blind });
        var adaptive = MostInfluentialSubset.OfRefits(Model(fit), Two);

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
        var first = MostInfluentialSubset.OfRefits(Model(fit), Two with { Search = blind });
        var adaptive = MostInfluentialSubset.OfRefits(Model(fit), Two);

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
        var fits = Enumerable.Range(0, kernels).Select(b => Random(n, k, damping, 1000 * b)).ToArray();
        var found = MostInfluentialSubset.OfRefits(Squared(fits), new() { Size = n, StopAtZero = false });
        var signed = MostInfluentialSubset.OfRefits(Model(fits), new() { Size = n, StopAtZero = false });
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
            var first = MostInfluentialSubset.OfRefits(Squared(fit), Two with { Search = blind });
            var adaptive = MostInfluentialSubset.OfRefits(Squared(fit), Two);

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
        var first = MostInfluentialSubset.OfRefits(Squared(fit), Two with { Search = blind, StopAtZero = false });
        var adaptive = MostInfluentialSubset.OfRefits(Squared(fit), Two);

        Assert.Equal([0, 1], first.Order.Order());
        Assert.Equal([0, 2], adaptive.Order.Order());
        Assert.True(adaptive.Influence[^1] > 10 * first.Influence[^1]);
        Assert.Equal(Math.Pow(fit.Influence(0, 2), 2), adaptive.Influence[^1], 1e-8);
    }

    [Fact]
    public void The_search_for_squares_stops_where_every_other_picture_would_cancel()
    {
        var fits = new[] { Random(12, 4, 0.3), Random(12, 4, 0.3, 1000) };
        var all = MostInfluentialSubset.OfRefits(Squared(fits), new() { Size = 12, StopAtZero = false });
        var stopped = MostInfluentialSubset.OfRefits(Squared(fits), new() { Size = 12 });
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

    [Fact]
    public void The_search_stops_where_nothing_helps_any_more()
    {
        var fit = Random(12, 4, 0.3);
        var all = MostInfluentialSubset.OfRefits(Model(fit), new() { Size = 12, StopAtZero = false });
        var stopped = MostInfluentialSubset.OfRefits(Model(fit), new() { Size = 12 });

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

    [Fact]
    public void Inner_scores_are_taken_by_what_each_adds_to_the_sum()
    {
        // 1 is second alone but pulls against 0; 2 and 3 pull with it.
        var scores = Draws.Squared([
            [5, -4, 3, 2, 0.5],
            [0, 0, 0, 1, 0],
        ]);
        var adaptive = MostInfluentialSubset.OfScores(scores, 5, new() { Size = 3 });
        Assert.Equal([0, 2, 3], adaptive.Order);
        Assert.Equal([25 / 2.0, 64 / 2.0, (100 + 1) / 2.0], adaptive.Influence);

        var greedy = MostInfluentialSubset.OfScores(scores, 5, new() { Size = 3, Search = SubsetSearch.Greedy });
        Assert.Equal([0, 1, 2], greedy.Order);
        Assert.Equal([25 / 2.0, 1 / 2.0, 16 / 2.0], greedy.Influence);
    }

    [Fact]
    public void Each_pick_from_inner_scores_is_the_best_next_one_and_its_influence_that_of_the_set()
    {
        var scores = Draws.Squared(Draws.Inner(3, 2, 5, 40));
        var found = MostInfluentialSubset.OfScores(scores, 30, new() { Size = 30 });
        var taken = new List<int>();
        foreach (var (pick, picture) in found.Order.Index())
        {
            Assert.Equal(
                Enumerable.Range(0, 30).Except(taken).MaxBy(i => SetInfluence.Of(scores, [.. taken, i]).Influence),
                picture
            );
            taken.Add(picture);
            Assert.Equal(SetInfluence.Of(scores, taken).Influence, found.Influence[pick], 1e-9);
        }

        Assert.InRange(taken.Count, 2, 29);
        Assert.All(
            Enumerable.Range(0, 30).Except(taken),
            i => Assert.True(SetInfluence.Of(scores, [.. taken, i]).Influence <= found.Influence[^1])
        );
    }

    [Fact]
    public void Scores_that_add_up_are_taken_while_they_are_positive()
    {
        var found = MostInfluentialSubset.OfScores(Draws.Additive([1, -1, 4, 0, 9], [1, -1, 2, 0, -9]), 4, new());
        Assert.Equal([2, 0], found.Order);
        Assert.Equal([3, 4], found.Influence);
    }

    private static RidgeFit Random(int n, int k, double damping, int seed = 0) =>
        new(
            [.. Enumerable.Range(0, n).Select(i => Draws.Normal(seed + 100 + i, k))],
            Draws.Normal(seed + 1, n),
            Draws.Normal(seed + 2, k),
            damping
        );

    private static RefitInfluence Model(params RidgeFit[] fits) => new([.. fits.Select(Kernel)], SetEffect.Change);

    private static RefitInfluence Squared(params RidgeFit[] fits) =>
        new([.. fits.Select(Kernel)], SetEffect.SquaredChange);

    private static LinearInfluence Kernel(RidgeFit fit)
    {
        var n = fit.Targets.Length;
        var k = fit.Query.Length;
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(fit.Features.SelectMany(row => row).ToArray(), [n, k]);
        using var kernel = RidgeKernel.Factorise(features);
        using var query = kernel.Project(torch.tensor(fit.Query, [1, k]));
        return LinearInfluence.Of(kernel, query, kernel.Members(n), fit.Damping, torch.tensor(fit.Residuals()));
    }
}
