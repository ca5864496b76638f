using DasAudit.Core.Attribution.Sets;

namespace DasAudit.Core.Tests.Attribution.Sets;

/// <summary>Sets chosen by scores alone.</summary>
public class ScoreSubsetTests
{
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
}
