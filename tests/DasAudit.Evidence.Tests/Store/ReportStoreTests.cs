using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

public sealed class ReportStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder[".das-audit/audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stored_report_comes_back_to_the_last_byte()
    {
        var added = SampleReport.Create();
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(added);

        using var reader = ReportStore.Open(Path, StoreAccess.ReadOnly);
        var got = reader.Get(added.Report.Id);

        Assert.Equal(ReportJson.Serialize(added.Report), ReportJson.Serialize(got.Report));
        Assert.Equal(added.Thumbnails.Keys.Order(), got.Thumbnails.Keys.Order());
        Assert.All(added.Thumbnails, t => Assert.Equal(t.Value, got.Thumbnails[t.Key]));
    }

    [Fact]
    public void What_LiteDB_would_change_survives()
    {
        var sample = SampleReport.Create();
        var added = sample with
        {
            Report = sample.Report with
            {
                CreatedUtc = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(9),
                Attributions =
                [
                    sample.Report.Attributions[0] with
                    {
                        Title = "",
                        RightsHolder = "  spaces ",
                        Author = "a\0b",
                        Score = double.Epsilon,
                        Similarity = 0.1 + 0.2,
                    },
                ],
            },
        };
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(added);

        Assert.Equal(ReportJson.Serialize(added.Report), ReportJson.Serialize(store.Get(added.Report.Id).Report));
    }

    [Fact]
    public void The_database_holds_the_very_text_of_the_report()
    {
        var added = SampleReport.Create();
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(added);

        using var database = new LiteDatabase(Path);
        var json = database.GetCollection("documents").FindById(added.Report.Id)["json"].AsBinary;
        Assert.Equal(ReportJson.Serialize(added.Report), System.Text.Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void Reports_are_found_newest_first_whatever_the_order_they_came_in()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        foreach (var number in new[] { 3, 1, 4, 0, 2 })
            store.Add(SampleReport.Create(number));

        Assert.Equal(new[] { 4, 3, 2, 1, 0 }.Select(SampleReport.Id), store.Query(ReportFilter.All).Select(r => r.Id));
    }

    [Fact]
    public void A_report_is_found_by_a_beginning_of_its_id_in_any_case()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create(0));
        store.Add(SampleReport.Create(100_000));
        var id = SampleReport.Id(100_000);
        var length = Enumerable.Range(1, 26).First(n => id[..n] != SampleReport.Id(0)[..n]);

        Assert.Equal(id, store.Get(id[..length].ToLowerInvariant()).Report.Id);
        Assert.Equal(id, store.Get(id.ToLowerInvariant()).Report.Id);
    }

    [Fact]
    public void A_beginning_that_several_ids_share_names_them()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create(0));
        store.Add(SampleReport.Create(1));

        var error = Assert.Throws<UnknownReportException>(() => store.Get("01"));
        Assert.Equal(
            $"Several reports begin with '01' ({SampleReport.Id(0)}, {SampleReport.Id(1)}); give more of the id.",
            error.Message
        );
    }

    [Theory]
    [InlineData("01ZZ", "There is no report '01ZZ' in the store; 'reports list' shows the ids.")]
    [InlineData("%", "'%' is no report id; 'reports list' shows the ids.")]
    [InlineData("", "'' is no report id; 'reports list' shows the ids.")]
    [InlineData(
        "01ARZ3NDEKTSV4RRFFQ69G5FAVX",
        "'01ARZ3NDEKTSV4RRFFQ69G5FAVX' is no report id; 'reports list' shows the ids."
    )]
    public void An_id_that_no_report_has_is_a_sentence(string id, string sentence)
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create());

        Assert.Equal(sentence, Assert.Throws<UnknownReportException>(() => store.Get(id)).Message);
    }

    [Fact]
    public void A_report_is_never_replaced()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        var first = SampleReport.Create();
        store.Add(first);
        var before = File.ReadAllBytes(Path);

        var second = first with { Report = first.Report with { Limits = ["another"] } };
        var error = Assert.Throws<AuditException>(() => store.Add(second));

        Assert.Equal(
            $"The store already holds a report '{first.Report.Id}'; a report is never replaced.",
            error.Message
        );
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_picture_that_many_reports_show_is_kept_once()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
        {
            for (var number = 0; number < 4; number++)
                store.Add(SampleReport.Create(number));
        }

        using var database = new LiteDatabase(Path);
        Assert.Equal(
            SampleReport.Create().Thumbnails.Values.Select(Convert.ToHexString).Distinct().Count(),
            database.GetCollection("thumbnails").Count()
        );
    }

    [Fact]
    public void Two_pictures_of_one_file_do_not_get_mixed_up()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        var first = SampleReport.Create(0);
        var shared = first.Report.Attributions[0].Sha256;
        var second = SampleReport.Create(1);
        second = second with
        {
            Thumbnails = new Dictionary<string, byte[]>(second.Thumbnails) { [shared] = TinyPng.Create(1, 2, 3, 16) },
        };
        store.Add(first);
        store.Add(second);

        Assert.Equal(first.Thumbnails[shared], store.Get(first.Report.Id).Thumbnails[shared]);
        Assert.Equal(second.Thumbnails[shared], store.Get(second.Report.Id).Thumbnails[shared]);
    }

    [Fact]
    public void A_report_that_does_not_fit_a_document_is_refused_and_changes_nothing()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        var before = File.ReadAllBytes(Path);
        var sample = SampleReport.Create();
        var large = sample with
        {
            Report = sample.Report with { Limits = [new string('x', ReportStore.MaximumReportBytes)] },
        };

        var error = Assert.Throws<AuditException>(() => store.Add(large));

        Assert.Equal(
            "The report on 'generated/0.png' has 16.0 MB, more than the 16 MB that a store holds; "
                + "list fewer pictures with --top.",
            error.Message
        );
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void The_largest_report_that_is_allowed_can_be_stored()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        var sample = SampleReport.Create();
        var room =
            ReportStore.MaximumReportBytes
            - System.Text.Encoding.UTF8.GetByteCount(ReportJson.Serialize(sample.Report with { Limits = [""] }));
        var large = sample with { Report = sample.Report with { Limits = [new string('x', room)] } };
        Assert.Equal(
            ReportStore.MaximumReportBytes,
            System.Text.Encoding.UTF8.GetByteCount(ReportJson.Serialize(large.Report))
        );

        store.Add(large);

        Assert.Equal(room, store.Get(large.Report.Id).Report.Limits[0].Length);
    }

    [Fact]
    public void An_id_that_is_no_ULID_is_a_bug_of_the_caller()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        var sample = SampleReport.Create();

        Assert.Throws<ArgumentException>(() =>
            store.Add(sample with { Report = sample.Report with { Id = "report-1" } })
        );
        Assert.Throws<ArgumentException>(() =>
            store.Add(sample with { Report = sample.Report with { Id = SampleReport.Id(0).ToLowerInvariant() } })
        );
    }

    [Fact]
    public void Nothing_but_the_data_file_its_head_its_index_and_its_lock_stays_behind()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create());

        Assert.Equal(
            ["audits.db", "audits.db.head", "audits.db.index", "audits.db.lock"],
            Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Select(System.IO.Path.GetFileName).Order()
        );
    }
}
