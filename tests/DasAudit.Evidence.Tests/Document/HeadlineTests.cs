using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Tests.Document;

public class HeadlineTests
{
    private static readonly AuditReport Sample = SampleReport.Create().Report;

    [Fact]
    public void More_than_half_beyond_doubt_is_mostly()
    {
        AssertHeadline(
            "This picture is owed mostly to pictures of A",
            "62 % of the measured influence, 95 % interval 55–69 %",
            new GroupShare("A", 0.62, 0.55, 0.69, 1),
            new GroupShare("B", 0.38, 0.31, 0.45, 1)
        );
    }

    [Fact]
    public void A_share_that_may_be_less_than_half_but_leads_beyond_doubt_is_more_than_any_other()
    {
        AssertHeadline(
            "This picture is owed more to pictures of A than to those of any other rights holder",
            "A 55 %, 95 % interval 45–65 %; B 30 %, 95 % interval 20–40 %",
            new GroupShare("A", 0.55, 0.45, 0.65, 1),
            new GroupShare("B", 0.3, 0.2, 0.4, 1)
        );
    }

    [Fact]
    public void Intervals_that_overlap_say_that_nobody_stands_out()
    {
        AssertHeadline(
            "No single rights holder stands out",
            "A 45 %, 95 % interval 35–55 %; B 40 %, 95 % interval 30–50 %",
            new GroupShare("A", 0.45, 0.35, 0.55, 1),
            new GroupShare("B", 0.4, 0.3, 0.5, 1)
        );
    }

    [Fact]
    public void A_third_group_whose_interval_reaches_the_first_says_that_nobody_stands_out()
    {
        AssertHeadline(
            "No single rights holder stands out",
            "A 45 %, 95 % interval 40–50 %; B 30 %, 95 % interval 29–31 %",
            new GroupShare("A", 0.45, 0.4, 0.5, 1),
            new GroupShare("B", 0.3, 0.29, 0.31, 1),
            new GroupShare("C", 0.25, 0.02, 0.48, 1)
        );
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.62)]
    [InlineData(1)]
    public void Without_intervals_the_largest_part_is_only_named_however_large(double share)
    {
        AssertHeadline(
            "The largest part that was measured is that of pictures of A",
            $"{share:0 %} of the measured influence, without an interval",
            new GroupShare("A", share, null, null, 1),
            new GroupShare("B", 1 - share, null, null, 1)
        );
    }

    [Fact]
    public void A_group_that_random_groups_match_does_not_stand_out_whatever_its_share_and_interval()
    {
        GroupShare[] groups =
        [
            new("A", 0.9, 0.85, 0.95, 9) { PValue = 0.4, QValue = 0.4 },
            new("B", 0.1, 0.05, 0.15, 1) { PValue = 0.3, QValue = 0.4 },
        ];
        AssertHeadline(
            "No rights holder stands out from chance",
            "A 90 % of the measured influence, 95 % interval 85–95 %: "
                + "no more than random groups of as many pictures have (p = 0.4, q = 0.4)",
            groups
        );
        AssertHeadline(
            "No rights holder has the largest part beyond chance, "
                + "but pictures of B have more than random pictures would",
            "A 90 % of the measured influence, 95 % interval 85–95 %: "
                + "no more than random groups of as many pictures have (p = 0.4, q = 0.4); "
                + "B 10 %, 95 % interval 5–15 % (p < 0.0001, q = 0.0001)",
            groups[0],
            groups[1] with
            {
                PValue = 0.00005,
                QValue = 0.0001,
            }
        );
        AssertHeadline(
            "This picture is owed mostly to pictures of A",
            "90 % of the measured influence, 95 % interval 85–95 %",
            groups[0] with
            {
                QValue = 0.05,
            },
            groups[1]
        );
    }

    [Fact]
    public void Where_no_picture_is_established_the_figures_say_so()
    {
        GroupShare[] groups = [new("A", 0.62, 0.55, 0.69, 1), new("B", 0.38, 0.31, 0.45, 1)];
        var assessed = SampleReport.WithEvidence().Report with { Groups = groups };
        Assert.Equal("62 % of the measured influence, 95 % interval 55–69 %", Plain(Headline.Of(assessed).Figures));
        var none = assessed with
        {
            Attributions =
            [
                .. assessed.Attributions.Select(a => a with { Strength = EvidenceStrength.NotEstablished }),
            ],
        };
        Assert.Equal(
            "62 % of the measured influence, 95 % interval 55–69 %. No single picture is established",
            Plain(Headline.Of(none).Figures)
        );
        Assert.Equal("No single picture is established", Headline.Of(none with { Groups = [groups[0]] }).Figures);
    }

    [Fact]
    public void One_group_alone_stands_out_from_nobody()
    {
        AssertHeadline(
            "All pictures that were scored are pictures of A, so shares say nothing here",
            "",
            new GroupShare("A", 1, 1, 1, 9) { PValue = 1, QValue = 1 }
        );
    }

    [Theory]
    [InlineData("pixel")]
    [InlineData("clip")]
    [InlineData("activation-ridge")]
    public void Resemblance_is_never_owing(string method)
    {
        const string No = "Resemblance is no evidence that the model learnt from a picture";
        GroupShare[] groups =
        [
            new("A", 0.9, 0.8, 1, 1) { PValue = 0.2, QValue = 0.2 },
            new("B", 0.1, 0, 0.2, 1) { PValue = 0.001, QValue = 0.002 },
        ];
        Assert.Equal(
            new("Pictures of B resemble this picture more than random pictures do", $"p = 0.001, q = 0.002. {No}"),
            By(groups)
        );
        Assert.Equal(
            new(
                "It is not shown that any rights holder’s pictures resemble this picture more than random pictures do",
                No
            ),
            By(groups[0], groups[1] with { QValue = 0.051 })
        );
        Assert.Equal(
            "The largest part of the resemblance is that of pictures of A",
            By(groups[0] with { QValue = null }, groups[1] with { QValue = null }).Claim
        );
        Assert.Equal(
            "By these scores no rights holder’s pictures resemble this picture",
            By(groups[0] with { Share = 0 }).Claim
        );

        Headline By(params GroupShare[] own) =>
            Headline.Of(Sample with { Method = Sample.Method with { Id = method }, Groups = own });
    }

    [Fact]
    public void Random_scores_claim_nothing_whatever_their_shares() =>
        Assert.Equal(
            new("These scores were drawn at random and say nothing about this picture", ""),
            Headline.Of(Sample with { Method = Sample.Method with { Id = "random" } })
        );

    [Fact]
    public void A_ranking_that_is_that_of_other_pictures_claims_nothing()
    {
        var report = SampleReport.WithEvidence().Report;
        var alike = report with { Evidence = report.Evidence! with { SameRanking = new(0.96, 12) } };
        Assert.Equal(
            new(
                "These scores rank the training pictures as they do for other pictures, and say nothing about this "
                    + "picture",
                ""
            ),
            Headline.Of(alike)
        );
    }

    [Fact]
    public void Nothing_is_said_where_there_is_nothing()
    {
        AssertHeadline(
            "No part in this picture was measured for any rights holder",
            "",
            new GroupShare("A", 0, 0, 0, 1)
        );
        AssertHeadline("No part in this picture was measured for any rights holder", "");
        Assert.Equal(
            new Headline("No training picture was scored", ""),
            Headline.Of(Sample with { Attributions = [] })
        );
    }

    [Theory]
    [InlineData("rights-holder", "(not stated)", "pictures whose rights holder is not stated")]
    [InlineData("license", "(not stated)", "pictures whose licence is not stated")]
    [InlineData("license", "CC0-1.0", "pictures under CC0-1.0")]
    [InlineData("author", "Ada", "pictures by Ada")]
    [InlineData("cluster", "faces/7.png", "pictures that look like faces/7.png")]
    public void Groups_are_named_by_what_they_are(string groupedBy, string key, string pictures)
    {
        Assert.Equal(
            $"This picture is owed mostly to {pictures}",
            Headline
                .Of(
                    Sample with
                    {
                        GroupedBy = groupedBy,
                        Groups = [new GroupShare(key, 0.9, 0.8, 1, 3), new GroupShare("other", 0.1, 0, 0.2, 3)],
                    }
                )
                .Claim
        );
    }

    private static string Plain(string text) => text.Replace('\u00A0', ' ');

    private static void AssertHeadline(string claim, string figures, params GroupShare[] groups)
    {
        var headline = Headline.Of(Sample with { Groups = groups });
        Assert.Equal((claim, figures), (headline.Claim, Plain(headline.Figures)));
    }
}
