using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public class GroupPermutationTests
{
    private static readonly int[] Owner = [3, 8, 21, 22, 40, 41, 77, 90];

    [Fact]
    public void A_planted_owner_is_found_though_none_of_its_pictures_stands_out()
    {
        // Each of the owner's pictures leans one standard deviation the same way.
        var scores = Draws.Squared([
            .. Draws
                .Inner(1, 2, 1, 120)
                .Select(draw =>
                    draw.Select(values => values.Select((v, i) => Owner.Contains(i) ? 0.3 * v + 1 : v).ToArray())
                        .ToArray()
                ),
        ]);
        var alone = Owner.Select(i => new GroupPermutation(scores, 100, seed: 1).Test([i]).PValue).ToList();
        var together = new GroupPermutation(scores, 100, seed: 1).Test(Owner);

        Assert.True(alone.Min() > 0.02);
        Assert.True(together.PValue <= 0.005, $"p {together.PValue}");
        Assert.Equal(SetInfluence.Of(scores, Owner).Influence, together.Influence, 1e-9);
        Assert.True(together.Influence > 4 * together.ByChance);
    }

    [Fact]
    public void P_is_uniform_where_the_group_is_any_other()
    {
        var p = Enumerable
            .Range(0, 1500)
            .Select(trial =>
                new GroupPermutation(Draws.Squared(Draws.Inner(trial, 2, 2, 40)), 40, trial, draws: 99)
                    .Test([0, 1, 2, 3, 4])
                    .PValue
            )
            .ToList();
        Assert.True(Draws.KolmogorovSmirnov(p, 100) < 1.95);
    }

    [Fact]
    public void P_is_the_exact_one_where_all_groups_can_be_counted()
    {
        // Of 45 pairs of ten scores that add up.
        var values = Draws.Normal(9, 10);
        var scores = Draws.Additive(values);
        var own = values[0] + values[1];
        var exact =
            Enumerable
                .Range(0, 10)
                .SelectMany(i => Enumerable.Range(0, i).Select(j => values[i] + values[j]))
                .Count(sum => sum >= own - 1e-12) / 45.0;
        Assert.InRange(exact, 0.05, 0.95);
        Assert.Equal(
            exact,
            new GroupPermutation(scores, 10, seed: 4, draws: 20_000).Test([0, 1]).PValue,
            4 * Math.Sqrt(0.25 / 20_000)
        );
    }

    [Fact]
    public void Every_group_of_all_candidates_is_as_good_as_itself() =>
        Assert.Equal(
            1,
            new GroupPermutation(Draws.Squared(Draws.Inner(1, 3, 2, 15)), 12, seed: 1, draws: 500)
                .Test([.. Enumerable.Range(0, 12).Reverse()])
                .PValue
        );

    [Fact]
    public void The_result_depends_on_the_seed_alone()
    {
        var scores = Draws.Squared(Draws.Inner(1, 2, 3, 60));
        var permutation = new GroupPermutation(scores, 50, seed: 1, draws: 300);
        var first = permutation.Test([1, 2, 3, 4]);
        permutation.Test([1, 2]);
        Assert.Equal(first, permutation.Test([1, 2, 3, 4]));
        Assert.Equal(first, new GroupPermutation(scores, 50, seed: 1, draws: 300).Test([1, 2, 3, 4]));
        Assert.NotEqual(
            first.ByChance,
            new GroupPermutation(scores, 50, seed: 2, draws: 300).Test([1, 2, 3, 4]).ByChance
        );
    }

    [Fact]
    public void Decoys_are_in_no_random_group()
    {
        var scores = Draws.Additive([1, 1, 1, 1, 1000, 1000]);
        Assert.Equal(2, new GroupPermutation(scores, 4, seed: 1, draws: 100).Test([0, 1]).ByChance);
    }
}
