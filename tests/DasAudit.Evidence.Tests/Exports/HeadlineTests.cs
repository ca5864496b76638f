using DasAudit.Core.Audits;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Tests.Samples;

namespace DasAudit.Evidence.Tests.Exports;

public class HeadlineTests
{
    private static readonly AuditReport Sample = SampleReport.Create().Report;

    [Fact]
    public void More_than_half_beyond_doubt_is_mostly()
    {
        AssertHeadline("This picture is owed mostly to pictures of A", "62 % of the measured influence, 95 % interval 55–69 %", new GroupShare("A", 0.62, 0.55, 0.69, 1), new GroupShare("B", 0.38, 0.31, 0.45, 1));
        AssertHeadline("This picture is owed mostly to pictures of A", "62 % of the measured influence", new GroupShare("A", 0.62, null, null, 1), new GroupShare("B", 0.38, null, null, 1));
    }

    [Fact]
    public void A_share_that_may_be_less_than_half_but_leads_beyond_doubt_is_more_than_any_other()
    {
        AssertHeadline("This picture is owed more to pictures of A than to those of any other rights holder", "A 55 %, 95 % interval 45–65 %; B 30 %, 95 % interval 20–40 %", new GroupShare("A", 0.55, 0.45, 0.65, 1), new GroupShare("B", 0.3, 0.2, 0.4, 1));
    }

    [Fact]
    public void Intervals_that_overlap_say_that_nobody_stands_out()
    {
        AssertHeadline("No single rights holder stands out", "A 45 %, 95 % interval 35–55 %; B 40 %, 95 % interval 30–50 %", new GroupShare("A", 0.45, 0.35, 0.55, 1), new GroupShare("B", 0.4, 0.3, 0.5, 1));
    }

    [Fact]
    public void Without_intervals_the_largest_part_is_only_named()
    {
        AssertHeadline("The largest part of this picture is owed to pictures of A", "40 % of the measured influence", new GroupShare("A", 0.4, null, null, 1), new GroupShare("B", 0.3, null, null, 1));
    }

    [Fact]
    public void Nothing_is_said_where_there_is_nothing()
    {
        AssertHeadline("No training picture that was scored left a mark on this picture", "", new GroupShare("A", 0, 0, 0, 1));
        AssertHeadline("No training picture that was scored left a mark on this picture", "");
        Assert.Equal(new Headline("No training picture was scored", ""), Headline.Of(Sample with { Attributions = [] }));
    }

    [Theory]
    [InlineData("rights-holder", "(not stated)", "pictures whose rights holder is not stated")]
    [InlineData("license", "(not stated)", "pictures whose licence is not stated")]
    [InlineData("license", "CC0-1.0", "pictures under CC0-1.0")]
    [InlineData("author", "Ada", "pictures by Ada")]
    [InlineData("cluster", "faces/7.png", "pictures that look like faces/7.png")]
    public void Groups_are_named_by_what_they_are(string groupedBy, string key, string pictures)
    {
        Assert.Equal($"This picture is owed mostly to {pictures}", Headline.Of(Sample with { GroupedBy = groupedBy, Groups = [new GroupShare(key, 1, null, null, 3)] }).Claim);
    }

    private static void AssertHeadline(string claim, string figures, params GroupShare[] groups)
    {
        var headline = Headline.Of(Sample with { Groups = groups });
        Assert.Equal((claim, figures), (headline.Claim, headline.Figures.Replace('\u00A0', ' ')));
    }
}
