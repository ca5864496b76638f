using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Candidates;

public sealed class BackgroundSampleTests
{
    private static readonly TrainingSet Set = new(
        "set",
        [.. Enumerable.Range(0, 40).Select(Item)],
        [],
        _ => throw new InvalidOperationException()
    );

    [Fact]
    public void It_stands_for_all_that_are_not_candidates()
    {
        var sample = Draw(6, 0, 3, 5, 8, 13);
        Assert.Equal(6, sample.Items.Count);
        Assert.Equal(36, sample.Weight * 6, 1e-12);
        Assert.All(sample.Items, item => Assert.DoesNotContain(item.Index, new[] { 3, 5, 8, 13 }));
        Assert.Equal(
            sample.Items.Select(item => item.Index).Distinct().Order(),
            sample.Items.Select(item => item.Index)
        );
    }

    [Fact]
    public void Queries_share_it_seeds_do_not()
    {
        var first = Draw(10, 0, 3, 5).Items.Select(item => item.Index).ToList();
        Assert.Equal(first, Draw(10, 0, 3, 5).Items.Select(item => item.Index));
        Assert.InRange(first.Intersect(Draw(10, 0, 1, 2).Items.Select(item => item.Index)).Count(), 8, 10);
        Assert.NotEqual(first, Draw(10, 1, 3, 5).Items.Select(item => item.Index));
        Assert.All(first, index => Assert.Contains(index, Draw(20, 0, 3, 5).Items.Select(item => item.Index)));
    }

    [Fact]
    public void Decoys_are_candidates_that_leave_nothing_out_and_there_is_no_more_than_there_is()
    {
        var all = Draw(1000, 0, 3, 5, 41);
        Assert.Equal((38, 1), (all.Items.Count, all.Weight));
        Assert.Empty(Draw(0, 0, 3).Items);
        Assert.Empty(Draw(5, 0, [.. Enumerable.Range(0, 40)]).Items);
    }

    private static BackgroundSample Draw(int count, long seed, params int[] candidates) =>
        BackgroundSample.Draw(Set, [.. candidates.Select(index => new Candidate(Item(index), [], null))], count, seed);

    private static TrainingItem Item(int index) =>
        new()
        {
            Index = index,
            Path = $"{index}.png",
            Sha256 = $"{index:x64}",
            PixelSha256 = $"{index:x64}",
            Width = 1,
            Height = 1,
        };
}
