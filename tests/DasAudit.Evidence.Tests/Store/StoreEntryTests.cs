using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public class StoreEntryTests
{
    private static readonly AuditReport Report = SampleReport.Create().Report;

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
        };

    [Theory]
    [MemberData(nameof(Filters))]
    public void All_that_a_filter_asks_for_must_hold(ReportFilter filter, bool meets)
    {
        Assert.Equal(meets, StoreEntry.From(Report, "", new Dictionary<string, string>()).Meets(filter));
    }

    [Fact]
    public void Shares_of_other_groups_are_no_shares_of_rights_holders()
    {
        var byLicense = Report with { GroupedBy = "license", Groups = [new GroupShare("Nobody", 1, null, null, 1)] };
        var entry = StoreEntry.From(byLicense, "", new Dictionary<string, string>());

        Assert.False(entry.Meets(new ReportFilter { RightsHolder = "Nobody" }));
        Assert.False(entry.Meets(new ReportFilter { RightsHolder = "Google LLC", MinimumShare = 0.1 }));
        Assert.True(entry.Meets(new ReportFilter { RightsHolder = "Google LLC" }));
        Assert.True(entry.Meets(new ReportFilter { MinimumShare = 1 }));
    }

    [Fact]
    public void An_entry_comes_back_as_it_was_and_an_altered_one_does_not()
    {
        var entry = StoreEntry.From(Report, "abc", new Dictionary<string, string> { ["a"] = "b" });

        var back = StoreEntry.FromBson(entry.ToBson());
        Assert.Equal(entry.RightsHolders, back.RightsHolders);
        Assert.Equal(entry.Groups, back.Groups);
        Assert.Equal(entry.Thumbnails, back.Thumbnails);
        Assert.Equal((entry.Id, entry.CreatedMs, entry.DocumentSha256), (back.Id, back.CreatedMs, back.DocumentSha256));

        var altered = entry.ToBson();
        altered["entry"].AsBinary[20] ^= 1;
        Assert.Throws<InvalidDataException>(() => StoreEntry.FromBson(altered));

        var swapped = entry.ToBson();
        swapped["_id"] = SampleReport.Id(7);
        Assert.Throws<InvalidDataException>(() => StoreEntry.FromBson(swapped));
    }

    [Fact]
    public void A_store_is_searched_by_the_filter()
    {
        using var folder = new TempFolder();
        using var store = ReportStore.Open(folder["audits.db"], StoreAccess.ReadWrite);
        for (var number = 0; number < 3; number++)
            store.Add(SampleReport.Create(number));

        Assert.Equal([SampleReport.Id(1)], store.Query(new ReportFilter { Image = "generated/1" }).Select(r => r.Id));
        Assert.Equal(
            [SampleReport.Id(2), SampleReport.Id(1)],
            store.Query(new ReportFilter { From = SampleReport.Created.AddSeconds(1) }).Select(r => r.Id)
        );
        Assert.Empty(store.Query(new ReportFilter { License = "MIT" }));
    }
}
