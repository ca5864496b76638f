using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Queries;

namespace DasAudit.Evidence.Tests.Queries;

public class IndexFilterTests
{
    private static readonly AuditReport Report = WithWords(SampleReport.Create().Report);

    public static TheoryData<ReportFilter, bool> Filters() =>
        new()
        {
            { ReportFilter.All, true },
            {
                new ReportFilter { Model = "MODEL" },
                true
            },
            {
                new ReportFilter { Model = "other" },
                false
            },
            {
                new ReportFilter { Model = Report.Model.WeightsSha256[..8].ToUpperInvariant() },
                true
            },
            {
                new ReportFilter { Model = Report.Model.WeightsSha256[1..9] },
                false
            },
            {
                new ReportFilter { Image = "generated/" },
                true
            },
            {
                new ReportFilter { Image = Report.Query.Sha256 },
                true
            },
            {
                new ReportFilter { Image = Report.Query.PixelSha256[..6] },
                true
            },
            {
                new ReportFilter { Image = "1.png" },
                false
            },
            {
                new ReportFilter { RightsHolder = "google llc" },
                true
            },
            {
                new ReportFilter { RightsHolder = "Google" },
                false
            },
            {
                new ReportFilter { RightsHolder = "(not stated)" },
                true
            },
            {
                new ReportFilter { License = "cc-by-sa-4.0" },
                true
            },
            {
                new ReportFilter { License = "CC-BY-SA" },
                false
            },
            {
                new ReportFilter { From = Report.CreatedUtc },
                true
            },
            {
                new ReportFilter { From = Report.CreatedUtc.AddTicks(1) },
                false
            },
            {
                new ReportFilter { Until = Report.CreatedUtc },
                false
            },
            {
                new ReportFilter { Until = Report.CreatedUtc.AddTicks(1) },
                true
            },
            {
                new ReportFilter { From = Report.CreatedUtc.ToOffset(TimeSpan.FromHours(9)) },
                true
            },
            {
                new ReportFilter { MinimumShare = 0.62 },
                true
            },
            {
                new ReportFilter { MinimumShare = 0.63 },
                false
            },
            {
                new ReportFilter { RightsHolder = "OpenMoji", MinimumShare = 0.12 },
                true
            },
            {
                new ReportFilter { RightsHolder = "OpenMoji", MinimumShare = 0.13 },
                false
            },
            {
                new ReportFilter
                {
                    RightsHolder = "Google LLC",
                    License = "CC-BY-4.0",
                    Model = "model",
                    Image = "0.png",
                    MinimumShare = 0.5,
                },
                true
            },
            {
                new ReportFilter { RightsHolder = "Google LLC", License = "MIT" },
                false
            },
            {
                new ReportFilter { Dataset = "DATA" },
                true
            },
            {
                new ReportFilter { Dataset = Report.Dataset.Root[..10].ToUpperInvariant() },
                true
            },
            {
                new ReportFilter { Dataset = Report.Dataset.Root[1..10] },
                false
            },
            {
                new ReportFilter { Method = "DAS" },
                true
            },
            {
                new ReportFilter { Method = "da" },
                false
            },
            {
                new ReportFilter { Picture = "faces/2.png" },
                true
            },
            {
                new ReportFilter { Picture = "faces/2" },
                false
            },
            {
                new ReportFilter { Picture = SampleReport.Sha256("item 2")[..6] },
                true
            },
            {
                new ReportFilter { Picture = SampleReport.Sha256("item 2").ToUpperInvariant() },
                true
            },
            {
                new ReportFilter { Picture = SampleReport.Sha256("item 2")[1..9] },
                false
            },
            {
                new ReportFilter { Picture = SampleReport.Sha256("pixels of 2")[..16] },
                true
            },
            {
                new ReportFilter { Strength = EvidenceStrength.Weak },
                true
            },
            {
                new ReportFilter { Strength = EvidenceStrength.Strong },
                false
            },
            {
                new ReportFilter { Picture = "faces/3.png", Strength = EvidenceStrength.Moderate },
                true
            },
            {
                new ReportFilter { Picture = "faces/2.png", Strength = EvidenceStrength.Moderate },
                false
            },
        };

    [Theory]
    [MemberData(nameof(Filters))]
    public void All_that_a_filter_asks_for_must_hold(ReportFilter filter, bool meets) =>
        Assert.Equal(meets, Meets(Report, filter));

    [Fact]
    public void Shares_of_other_groups_are_no_shares_of_rights_holders()
    {
        var byLicense = Report with { GroupedBy = "license", Groups = [new GroupShare("Nobody", 1, null, null, 1)] };

        Assert.False(Meets(byLicense, new ReportFilter { RightsHolder = "Nobody" }));
        Assert.False(Meets(byLicense, new ReportFilter { RightsHolder = "Google LLC", MinimumShare = 0.1 }));
        Assert.True(Meets(byLicense, new ReportFilter { RightsHolder = "Google LLC" }));
        Assert.True(Meets(byLicense, new ReportFilter { MinimumShare = 1 }));
    }

    [Fact]
    public void A_report_without_groups_words_or_pictures_meets_what_asks_for_none()
    {
        var bare = Report with { Groups = [], Attributions = [] };

        Assert.True(Meets(bare, ReportFilter.All));
        Assert.False(Meets(bare, new ReportFilter { MinimumShare = 0 }));
        Assert.False(Meets(bare, new ReportFilter { Strength = EvidenceStrength.NotEstablished }));
        Assert.False(Meets(bare, new ReportFilter { Picture = "0" }));
        Assert.Null(Summary(bare).Group);
    }

    [Fact]
    public void A_summary_says_what_the_report_says()
    {
        var foreign = Report with { Query = Report.Query with { Path = "bilder/schön 🎨.png" } };

        Assert.Equal(ReportSummary.Of(foreign), Summary(foreign));
        Assert.True(Meets(foreign, new ReportFilter { Image = "SCHÖN" }));
    }

    // Moderate for the third picture, weak for the others; the second has a pixel hash.
    private static AuditReport WithWords(AuditReport report) =>
        report with
        {
            Attributions =
            [
                .. report.Attributions.Select(picture =>
                    picture with
                    {
                        Strength = picture.Rank == 3 ? EvidenceStrength.Moderate : EvidenceStrength.Weak,
                        PixelSha256 = picture.Rank == 2 ? SampleReport.Sha256("pixels of 2") : null,
                    }
                ),
            ],
        };

    private static bool Meets(AuditReport report, ReportFilter filter) =>
        new IndexFilter(filter).Meets(new IndexedReport(IndexFrame.Make(1, new string('0', 64), report)));

    private static ReportSummary Summary(AuditReport report) =>
        new IndexedReport(IndexFrame.Make(1, new string('0', 64), report)).Summary();
}
