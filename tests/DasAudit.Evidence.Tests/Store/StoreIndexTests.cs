using DasAudit.Core.Reports;
using DasAudit.Evidence.Queries;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

public sealed class StoreIndexTests : IDisposable
{
    private const int Reports = 6;
    private readonly TempFolder _folder = new();

    public StoreIndexTests()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        for (var number = 0; number < Reports - 1; number++)
            store.Add(SampleReport.Create(number));
        store.AddEvaluation(SampleEvaluation.Create(SampleReport.Id(100)));
        store.Add(SampleReport.Create(Reports - 1));
    }

    private string Path => _folder["audits.db"];

    private string IndexPath => Path + ".index";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_is_searched_by_the_filter()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);

        Assert.Equal([SampleReport.Id(1)], store.Query(new ReportFilter { Image = "generated/1" }).Select(r => r.Id));
        Assert.Equal(
            [SampleReport.Id(5), SampleReport.Id(4)],
            store.Query(new ReportFilter { From = SampleReport.Created.AddSeconds(4) }).Select(r => r.Id)
        );
        Assert.Empty(store.Query(new ReportFilter { License = "MIT" }));
    }

    [Fact]
    public void What_the_index_finds_is_what_the_reports_say_newest_first()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);

        var reports = store.Query(ReportFilter.All);
        Assert.Equal(Enumerable.Range(0, Reports).Reverse().Select(SampleReport.Id), reports.Select(r => r.Id));
        Assert.Equal(reports.Select(ReportSummary.Of), store.Find(ReportFilter.All));
        Assert.Equal(reports.Take(2).Select(ReportSummary.Of), store.Find(ReportFilter.All, limit: 2));
        Assert.Equal(2, store.Query(ReportFilter.All, limit: 2).Count);
        Assert.Null(ExaminedStore.Check(Path).Index);
    }

    [Fact]
    public void Reports_that_were_not_added_in_the_order_of_their_ids_are_listed_in_it()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create(-5));

        Assert.Equal(SampleReport.Id(-5), store.Find(ReportFilter.All)[^1].Id);
    }

    [Fact]
    public void The_text_of_a_report_need_not_be_read_to_find_it()
    {
        using (var database = new LiteDatabase(Path))
            StoreSchema.Documents(database).DeleteAll();

        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);
        Assert.Equal(Reports, store.Find(ReportFilter.All).Count);
        Assert.Throws<DamagedStoreException>(() => store.Query(ReportFilter.All));
    }

    public static TheoryData<string> Harms() => [.. Harm.Keys];

    // What a kill, a disk or an older das-audit may leave. Each must be found out by a reader, which writes nothing,
    // and be gone after the next report.
    private static readonly Dictionary<string, Func<byte[], byte[]?>> Harm = new()
    {
        ["missing"] = _ => null,
        ["empty"] = _ => [],
        ["of something else"] = index => [.. index.Reverse()],
        ["cut within the last frame"] = index => index[..^7],
        ["cut within the first frame"] = index => index[..60],
        ["without its last frame"] = index => index[..^LastLength(index)],
        ["with a half-written frame after it"] = index => [.. index, .. index[30..90]],
        ["with zeros after it"] = index => [.. index, .. new byte[5000]],
        ["with a bit changed in its last frame"] = index => Flipped(index, index.Length - 20),
    };

    [Theory]
    [MemberData(nameof(Harms))]
    public void An_index_that_is_behind_or_damaged_hides_nothing_and_is_mended_by_the_next_report(string harm)
    {
        var damaged = Harm[harm](File.ReadAllBytes(IndexPath));
        if (damaged is null)
            File.Delete(IndexPath);
        else
            File.WriteAllBytes(IndexPath, damaged);

        Assert.Equal(Reports, Found().Count);
        if (damaged is not null)
            Assert.Equal(damaged, File.ReadAllBytes(IndexPath));
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(Reports));
        Assert.Equal(Reports + 1, Found().Count);
        Assert.Null(ExaminedStore.Check(Path).Index);
    }

    [Fact]
    public void What_comes_after_damage_in_the_midst_of_the_index_is_read_until_it_is_made_anew()
    {
        var index = File.ReadAllBytes(IndexPath);
        File.WriteAllBytes(IndexPath, Flipped(index, index.Length / 2));

        Assert.Equal(Reports, Found().Count);
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(Reports));
        Assert.Equal(Reports + 1, Found().Count);
        Assert.True(ExaminedStore.Check(Path).Index!.IsMissing);
        new StoreIndex(new StoreConnection(Path, TimeProvider.System)).Renew();
        Assert.Null(ExaminedStore.Check(Path).Index);
    }

    [Fact]
    public void The_index_of_another_store_is_not_believed()
    {
        var secondStore = _folder["other.db"];
        AttackedStore.Fill(secondStore);
        File.Copy(secondStore + ".index", IndexPath, overwrite: true);

        Assert.Equal(Reports, Found().Count);
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(Reports));
        Assert.Null(ExaminedStore.Check(Path).Index);
    }

    [Fact]
    public void The_index_of_a_store_that_was_put_back_is_cut()
    {
        var (database, head) = (File.ReadAllBytes(Path), File.ReadAllBytes(Path + ".head"));
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(70));
        File.WriteAllBytes(Path, database);
        File.WriteAllBytes(Path + ".head", head);

        Assert.Equal(Reports, Found().Count);
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(71));
        Assert.Equal(SampleReport.Id(71), Found()[0].Id);
        Assert.Null(ExaminedStore.Check(Path).Index);
    }

    [Fact]
    public void A_check_finds_an_index_that_says_something_else_and_it_is_made_anew()
    {
        // With the report's record and checksums, as one would who wants to hide whose pictures it owes.
        var forged = SampleReport.Create(2).Report with
        {
            Groups = [],
        };
        using (var builder = new IndexFile(Path).Build())
        {
            var connection = new StoreConnection(Path, TimeProvider.System);
            foreach (var item in StoredItems.Read(connection, HeadFile.Read(Path + ".head"), isHeld: false))
            {
                var report = item.Record.Id == forged.Id ? forged : item.Report();
                builder.Add(IndexFrame.Make(item.Record.Sequence, item.Record.Hash, report));
            }

            builder.Complete();
        }

        var check = ExaminedStore.Check(Path);
        Assert.True(check.IsSound);
        Assert.Equal(new IndexFinding(3, IsMissing: false), check.Index);
        new StoreIndex(new StoreConnection(Path, TimeProvider.System)).Renew();
        Assert.Null(ExaminedStore.Check(Path).Index);
    }

    [Fact]
    public void Compacting_and_restoring_make_the_index()
    {
        File.Delete(IndexPath);
        var connection = new StoreConnection(Path, TimeProvider.System);
        StoreCompaction.Run(connection, keepOld: false, null);
        Assert.Null(ExaminedStore.Check(Path).Index);

        StoreExport.Write(connection, _folder["export"], null);
        var restored = _folder["restored.db"];
        StoreRestore.Run(new StoreConnection(restored, TimeProvider.System), _folder["export"], null);
        Assert.Null(ExaminedStore.Check(restored).Index);
        Assert.Equal(File.ReadAllBytes(IndexPath), File.ReadAllBytes(restored + ".index"));
    }

    [Fact]
    public void A_report_is_stored_even_where_the_index_cannot_be_written()
    {
        File.Delete(IndexPath);
        Directory.CreateDirectory(IndexPath);
        File.WriteAllText(System.IO.Path.Combine(IndexPath, "in the way"), "");
        var said = new List<string>();
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite, say: said.Add))
            store.Add(SampleReport.Create(Reports));

        Assert.Contains("'store check' makes it anew", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(Reports + 1, Found().Count);
    }

    [Theory]
    [InlineData("$.method.replicates = 4", 6)]
    [InlineData("$.query.path LIKE '%3.png'", 1)]
    [InlineData("$.attributions[*].score ANY > 0.000004", 6)]
    [InlineData("COUNT($.groups) > 10", 0)]
    [InlineData("$.no.such.field > 1", 0)]
    public void An_expression_is_asked_of_each_report(string expression, int matches)
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);

        Assert.Equal(matches, store.Find(new ReportFilter { Expression = expression }).Count);
        Assert.Equal(Math.Min(1, matches), store.Query(new ReportFilter { Expression = expression }, limit: 1).Count);
    }

    [Theory]
    [InlineData("$.groups[*].share > 0.1")]
    [InlineData("$.method.id")]
    [InlineData("$.method.id = ")]
    [InlineData("DELETE reports")]
    [InlineData("UPDATE reports SET count = 1")]
    [InlineData("SELECT $ INTO other FROM reports")]
    public void An_expression_that_is_none_or_gives_no_truth_is_refused_and_changes_nothing(string expression)
    {
        var before = File.ReadAllBytes(Path);
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);

        var error = Assert.ThrowsAny<Exception>(() => store.Find(new ReportFilter { Expression = expression }));

        Assert.IsType<Abstractions.AuditException>(error);
        Assert.Contains($"'{expression}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    private IReadOnlyList<ReportSummary> Found()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);
        var summaries = store.Find(ReportFilter.All);
        Assert.Equal(store.Query(ReportFilter.All).Select(ReportSummary.Of), summaries);
        return summaries;
    }

    private static byte[] Flipped(byte[] index, int at)
    {
        index[at] ^= 4;
        return index;
    }

    private static int LastLength(byte[] index) => BitConverter.ToInt32(index, index.Length - 4);
}
