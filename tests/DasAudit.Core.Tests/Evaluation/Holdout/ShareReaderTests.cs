using DasAudit.Core.Evaluation.Holdout;

namespace DasAudit.Core.Tests.Evaluation.Holdout;

public sealed class ShareReaderTests
{
    private const int Pictures = 90;

    private static readonly string[] Groups =
    [
        .. Enumerable.Range(0, Pictures).Select(i => i % 3 == 0 ? "small" : "large"),
    ];

    private static readonly string[] Keys = ["small", "large"];

    [Fact]
    public void Lengths_of_the_parts_of_a_group_add_up_to_more_than_its_own()
    {
        var scores = Draws.Squared(Draws.Inner(7, 10, 4, Pictures));
        var reader = new ShareReader(Keys, [ShareRule.Reported, .. ShareRule.Others], splitInto: 5, seed: 1);

        var readings = reader.Read(Groups, scores).ToDictionary(reading => reading.Rule ?? "");

        Assert.Equal(["", "along the sum", "length of the sum", "sum of lengths"], readings.Keys.Order());
        Assert.All(readings.Values, reading => Assert.Equal(1, reading.Shares.Sum(), 1e-12));
        foreach (var additive in (string[])["", "sum of lengths"])
        {
            Assert.All(readings[additive].Splits, split => Assert.Equal(0, split.Rise, 1e-12));
            Assert.All(readings[additive].Splits, split => Assert.False(split.IsBeyond));
        }
        // Five of equal length across each other are √5 times as long together as their sum.
        Assert.All(readings["length of the sum"].Splits, split => Assert.InRange(split.Rise, 0.1, 0.3));
        Assert.All(readings["length of the sum"].Splits, split => Assert.True(split.IsBeyond));
    }

    [Fact]
    public void A_sum_that_is_cut_at_zero_for_whole_groups_pays_those_who_split()
    {
        var scores = Draws.Additive([.. Enumerable.Range(0, 3).Select(r => Draws.Normal(r, Pictures))]);
        var reader = new ShareReader(Keys, [ShareRule.Reported, .. ShareRule.Others], splitInto: 5, seed: 1);

        var readings = reader.Read(Groups, scores).ToDictionary(reading => reading.Rule ?? "");

        Assert.Equal(["", "net sum"], readings.Keys.Order());
        Assert.All(readings[""].Splits, split => Assert.Equal(0, split.Rise, 1e-12));
        Assert.Contains(readings["net sum"].Splits, split => split.Rise > 0.05);
    }

    [Fact]
    public void Without_splitting_there_are_shares_alone()
    {
        var reader = new ShareReader(Keys, [ShareRule.Reported], splitInto: null, seed: 1);
        var reading = Assert.Single(reader.Read(["small", "large", "large"], Draws.Additive([1, 2, 5])));
        Assert.Equal([0.125, 0.875], reading.Shares);
        Assert.Empty(reading.Splits);
    }

    [Fact]
    public void A_group_of_one_picture_cannot_be_split()
    {
        var reader = new ShareReader(Keys, [ShareRule.Reported], splitInto: 5, seed: 1);
        var splits = Assert.Single(reader.Read(["small", "large", "large"], Draws.Additive([1, 2, 5]))).Splits;
        Assert.All(splits, split => Assert.Equal((0.0, null), (split.Rise, split.IsBeyond)));
    }
}
