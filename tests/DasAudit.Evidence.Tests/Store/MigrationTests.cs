using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

/// <summary>Old/store-1.db was written by das-audit at commit 33ae9c5c: the sample reports 0, 1 and 2.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _old;

    public MigrationTests()
    {
        File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, "Store", "Old", "store-1.db"), Path);
        _old = File.ReadAllBytes(Path);
    }

    private string Path => _folder["audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_old_store_is_read_as_it_is()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);

        Assert.Equal(3, store.Query(ReportFilter.All).Count);
        Assert.Equal(6, store.Get(SampleReport.Id(1)).Thumbnails.Count);
        Assert.Null(store.Record(RecordKind.Report, SampleReport.Id(1)));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
        Assert.Equal(_old, File.ReadAllBytes(Path));
    }

    [Fact]
    public void The_first_report_gives_an_old_store_its_chain_and_keeps_a_copy()
    {
        var said = new List<string>();
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite, say: said.Add))
        {
            store.Add(SampleReport.Create(7));
            store.Add(SampleReport.Create(8));
        }

        Assert.Equal(_old, File.ReadAllBytes(Path + ".v1"));
        Assert.Contains(Path + ".v1", Assert.Single(said), StringComparison.Ordinal);
        var check = Check();
        Assert.Empty(check.Findings);
        Assert.Equal((5, 5), (check.Reports, check.Head!.Count));
        using var reader = ReportStore.Open(Path, StoreAccess.ReadOnly);
        Assert.Equal(
            new[] { 0, 1, 2, 7, 8 }.Select(SampleReport.Id),
            Enumerable
                .Range(0, 3)
                .Concat([7, 8])
                .Select(n => (SampleReport.Id(n), reader))
                .OrderBy(Place)
                .Select(p => p.Item1)
        );

        static long Place((string Id, ReportStore Store) report) =>
            report.Store.Record(RecordKind.Report, report.Id)!.Sequence;
    }

    [Fact]
    public void A_migration_that_a_crash_cut_short_is_finished()
    {
        ReportStore.Open(Path, StoreAccess.ReadWrite).Dispose();
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(7));
        var (name, first) = HeadAfterThree();

        // As after a crash between the head file and the database: the store as it was, and the head of its chain.
        File.WriteAllBytes(Path, _old);
        new HeadFile(Path, new StoreErrors(Path)).Write(new ChainHead(name, 3, first));
        Assert.Equal(3, ReportStore.Open(Path, StoreAccess.ReadOnly).Query(ReportFilter.All).Count);
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(7));

        Assert.Empty(Check().Findings);
        Assert.Equal(name, Check().Head!.Store);
    }

    [Fact]
    public void An_old_store_put_back_in_the_place_of_the_migrated_one_is_noticed()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(7));
        File.WriteAllBytes(Path, _old);

        const string What = "it was put back as it was before it had a chain: its head file says 4 records";
        Assert.StartsWith(What, Assert.Single(Check().Findings).What, StringComparison.Ordinal);
        Assert.Throws<DamagedStoreException>(() => ReportStore.Open(Path, StoreAccess.ReadOnly));
        Assert.Throws<DamagedStoreException>(() => ReportStore.Open(Path, StoreAccess.ReadWrite));
    }

    [Fact]
    public void A_damaged_old_store_is_not_given_a_chain()
    {
        using (var database = new LiteDatabase(Path))
            database.GetCollection("documents").Delete(SampleReport.Id(1));
        var before = File.ReadAllBytes(Path);

        Assert.Equal($"report '{SampleReport.Id(1)}' is missing", Assert.Single(Check().Findings).What);
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        Assert.Throws<DamagedStoreException>(() => store.Add(SampleReport.Create(7)));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.False(File.Exists(Path + ".head"));
    }

    [Fact]
    public void A_file_in_the_place_of_the_copy_is_not_overwritten()
    {
        File.WriteAllText(Path + ".v1", "mine");
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);

        var error = Assert.Throws<AuditException>(() => store.Add(SampleReport.Create(7)));

        Assert.Contains($"needs '{Path}.v1' for the copy", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path + ".v1"));
        Assert.Equal(_old, File.ReadAllBytes(Path));
    }

    private StoreCheckResult Check() => ExaminedStore.Check(Path);

    private (string Store, string Hash) HeadAfterThree()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);
        return (Check().Head!.Store, store.Record(RecordKind.Report, SampleReport.Id(2))!.Hash);
    }
}
