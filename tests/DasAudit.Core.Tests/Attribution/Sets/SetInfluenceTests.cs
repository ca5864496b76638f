using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Attribution.Sets;

public class SetInfluenceTests
{
    [Fact]
    public void Vectors_add_and_squares_do_not()
    {
        var scores = Draws.Squared([
            [1, 2, -3],
            [4, 0, 1],
        ]);
        Assert.Equal([(9 + 16) / 2.0], SetInfluence.ByReplicate(scores, [0, 1]));
        Assert.Equal([(4 + 25) / 2.0], SetInfluence.ByReplicate(scores, [0, 2]));
        Assert.Equal([(1 + 16) / 2.0], SetInfluence.ByReplicate(scores, [0]));
        Assert.Equal([0.0], SetInfluence.ByReplicate(scores, []));
    }

    [Fact]
    public void The_set_of_one_picture_has_the_influence_of_its_score()
    {
        var scores = Draws.Squared(Draws.Inner(1, 3, 4, 5));
        for (var i = 0; i < 5; i++)
            Assert.Equal(scores.Mean[i], SetInfluence.Of(scores, [i]).Influence, 1e-12);
    }

    [Fact]
    public void Copies_count_for_the_square_of_their_number_and_opposites_for_nothing()
    {
        var scores = Draws.Squared([
            [2, 2, 2, -2],
        ]);
        Assert.Equal([9 * 4.0], SetInfluence.ByReplicate(scores, [0, 1, 2]));
        Assert.Equal([0.0], SetInfluence.ByReplicate(scores, [0, 3]));
    }

    [Fact]
    public void Squares_that_are_the_rise_of_a_variance_add_up()
    {
        var scores = Draws.Squared(
            [
                [1, 2, -3],
                [4, 0, 1],
            ],
            [
                [2, 2, 0],
                [0, 1, 0],
            ]
        ) with
        {
            SquaresAddUp = true,
        };
        Assert.Equal([(1 + 16 + 9 + 1) / 2.0, 4 / 2.0], SetInfluence.ByReplicate(scores, [0, 2]));
        Assert.Equal(7.75, SetInfluence.Unbiased(scores, [0, 2]));
        Assert.Equal(7.75, new GroupPermutation(scores, 3, seed: 1, draws: 1).Test([0, 2]).Influence, 1e-12);
        var subset = MostInfluentialSubset.OfScores(scores, 3, new());
        Assert.Equal([0, 2, 1], subset.Order);
        Assert.Equal([5.25, 7.75, 10], subset.Influence);
    }

    [Fact]
    public void Scores_that_add_up_are_summed()
    {
        var scores = Draws.Additive([1, -2, 5], [3, 0, 1]);
        var set = SetInfluence.Of(scores, [0, 1]);
        Assert.Equal([-1, 3], SetInfluence.ByReplicate(scores, [0, 1]));
        Assert.Equal(1, set.Influence);
        Assert.Equal(Math.Sqrt(8.0 / 2), set.StandardError!.Value, 1e-12);
        Assert.Equal(1, set.Unbiased);
    }

    [Fact]
    public void Products_of_independent_draws_are_the_mean_over_all_pairs()
    {
        var scores = Draws.Squared(
            [
                [1, 2],
                [0, 1],
            ],
            [
                [3, 1],
                [2, 2],
            ],
            [
                [-1, 1],
                [1, 1],
            ]
        );
        // Sums of both pictures: b = 0: 3, 4, 0; b = 1: 1, 4, 2.
        var expected = ((3 * 4 + 3 * 0 + 4 * 0) / 3.0 + (1 * 4 + 1 * 2 + 4 * 2) / 3.0) / 2;
        Assert.Equal(expected, SetInfluence.Unbiased(scores, [0, 1])!.Value, 1e-12);
    }

    [Fact]
    public void Noise_inflates_squares_by_its_variance_and_products_not_at_all()
    {
        // 30 pictures of true influence 0.1 each, noise of variance 1: truth 3² = 9, squares 9 + 30.
        int[] set = [.. Enumerable.Range(0, 30)];
        var estimates = Enumerable
            .Range(0, 3000)
            .Select(trial =>
                SetInfluence.Of(
                    Draws.Squared([
                        .. Draws
                            .Inner(trial, 4, 1, 30)
                            .Select(draw => draw.Select(values => values.Select(v => v + 0.1).ToArray()).ToArray()),
                    ]),
                    set
                )
            )
            .ToList();
        // Standard deviations of the two means: below 0.4.
        Assert.Equal(39, estimates.Average(estimate => estimate.Influence), 1.6);
        Assert.Equal(9, estimates.Average(estimate => estimate.Unbiased!.Value), 1.6);
    }

    [Fact]
    public void On_a_linear_model_of_small_leverages_it_is_the_squared_change_of_a_refit_without_the_set()
    {
        // Three outputs of 30 pictures; s_bi = φ_bᵀK⁻¹φ_i·r_i leaves out the leverages, here at most 0.02.
        var pictures = Enumerable.Range(0, 30).Select(i => Draws.Normal(50 + i, 5)).ToArray();
        var fits = Enumerable
            .Range(0, 3)
            .Select(b => new RidgeFit(pictures, Draws.Normal(1, 30), Draws.Normal(90 + b, 5), 1000))
            .ToList();
        var scores = Draws.Squared([
            .. fits.Select(fit => Enumerable.Range(0, 30).Select(i => fit.Influence(i)).ToArray()),
        ]);
        int[] set = [.. Enumerable.Range(0, 30).OrderByDescending(i => fits[0].Influence(i)).Take(6)];

        var exact = fits.Average(fit => Math.Pow(fit.Influence(set), 2));

        Assert.Equal(1, SetInfluence.Of(scores, set).Influence / exact, 0.05);
        Assert.True(set.Sum(i => scores.Mean[i]) < exact / 2);
    }

    [Fact]
    public void With_partners_from_another_draw_sums_are_multiplied_by_the_sums_of_the_partners()
    {
        var scores = Draws.Squared([
            [1, 2, 3],
            [0, 1, -1],
        ]) with
        {
            Partners =
            [
                [
                    [2, -1, 5],
                    [4, 4, 1],
                ],
            ],
        };
        // b = 0: (1 + 3)·(2 + 5), b = 1: (0 − 1)·(4 + 1).
        Assert.Equal([(28 - 5) / 2.0], SetInfluence.ByReplicate(scores, [0, 2]));
        Assert.Equal((28 - 5) / 2.0, SetInfluence.Unbiased(scores, [0, 2]));
        Assert.Equal((28 - 5) / 2.0, new GroupPermutation(scores, 3, seed: 1, draws: 1).Test([0, 2]).Influence, 1e-12);
        // Alone: (2 + 0)/2, (−2 + 4)/2, (15 − 1)/2. After 2: with 0 23/2, with 1 (5·4 + 0)/2; all: (6·6 + 0)/2.
        var subset = MostInfluentialSubset.OfScores(scores, 3, new());
        Assert.Equal([2, 0, 1], subset.Order);
        Assert.Equal([7, 11.5, 18], subset.Influence);
    }

    [Fact]
    public void A_single_noise_draw_has_no_error_and_no_products()
    {
        var set = SetInfluence.Of(
            Draws.Squared([
                [1, 2],
            ]),
            [0]
        );
        Assert.Null(set.StandardError);
        Assert.Null(set.Unbiased);
    }
}
