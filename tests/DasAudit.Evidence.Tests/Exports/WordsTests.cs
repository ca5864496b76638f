using DasAudit.Evidence.Exports;

namespace DasAudit.Evidence.Tests.Exports;

public class WordsTests
{
    [Theory]
    [InlineData("all", "whole dataset")]
    [InlineData("exact", "identical picture")]
    [InlineData("near-duplicate", "near-duplicate")]
    [InlineData("semantic", "similar content")]
    [InlineData("included-owner", "owner always included")]
    [InlineData("control", "random control")]
    [InlineData("another", "another")]
    public void Tiers_have_names_for_people(string tier, string words) => Assert.Equal(words, Words.Tier(tier));

    [Fact]
    public void A_picture_without_a_title_goes_by_its_file()
    {
        var attribution = SampleReport.Create().Report.Attributions[0];
        Assert.Equal("grinning face 1", Words.Name(attribution));
        Assert.Equal("faces/1.png", Words.Name(attribution with { Title = " " }));
    }
}
