using System.Security.Cryptography;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Evidence.Tests.Store.Copies;

public sealed class StoreCopyTests : IDisposable
{
    private const int Reports = 5;
    private readonly TempFolder _folder = new();

    public StoreCopyTests()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        for (var number = 0; number < Reports; number++)
            store.Add(SampleReport.Create(number));
        store.AddEvaluation(SampleEvaluation.Create(SampleReport.Id(100)));
    }

    private string Path => _folder["audits.db"];

    private string Target => _folder["restored.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("export")]
    [InlineData("export.zip")]
    public void A_store_made_of_an_export_holds_the_same_chain_reports_and_pictures(string name)
    {
        var exported = StoreExport.Write(Connect(Path), _folder[name], null);
        var restored = StoreRestore.Run(Connect(Target), _folder[name], null);

        Assert.Equal(exported, restored);
        Assert.Equal(HeadFile.Read(Path + ".head"), HeadFile.Read(Target + ".head"));
        AssertSame(Path, Target);
        using (var store = ReportStore.Open(Target, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(50));
        Assert.Empty(ExaminedStore.Check(Target).Findings);
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path),
            file => file.Contains(".new", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void An_export_of_a_restored_store_is_the_same_to_the_last_byte()
    {
        StoreExport.Write(Connect(Path), _folder["one.zip"], null);
        StoreRestore.Run(Connect(Target), _folder["one.zip"], null);
        StoreExport.Write(Connect(Target), _folder["two.zip"], null);

        Assert.Equal(File.ReadAllBytes(_folder["one.zip"]), File.ReadAllBytes(_folder["two.zip"]));
    }

    [Fact]
    public void An_export_can_be_verified_as_its_README_says()
    {
        var head = StoreExport.Write(Connect(Path), _folder["export"], null);

        var sums = File.ReadAllLines(_folder["export/SHA256SUMS"]).Select(line => line.Split("  ")).ToList();
        Assert.All(sums, sum => Assert.Equal(sum[0], Hash(File.ReadAllBytes(_folder["export/" + sum[1]]))));
        Assert.Equal(Directory.GetFiles(_folder["export"], "*", SearchOption.AllDirectories).Length - 1, sums.Count);
        var previous = Hash(Encoding.UTF8.GetBytes($$"""{"schema":"das-audit/chain/1","store":"{{head.Store}}"}"""));
        for (var sequence = 1; sequence <= head.Count; sequence++)
        {
            var bytes = File.ReadAllBytes(_folder[$"export/records/{sequence:00000000}.json"]);
            var record = ChainRecord.Parse(bytes);
            Assert.Equal(previous, record.Previous);
            var document = $"export/{StoredRecords.Word(record.Kind)}s/{record.Id}.json";
            Assert.Equal(record.Sha256, Hash(File.ReadAllBytes(_folder[document])));
            previous = Hash(bytes);
        }

        Assert.Equal(previous, head.Hash);
    }

    [Fact]
    public void No_export_is_written_over()
    {
        Directory.CreateDirectory(_folder["export"]);
        File.WriteAllText(_folder["export.zip"], "mine");

        Assert.Throws<AuditException>(() => StoreExport.Write(Connect(Path), _folder["export"], null));
        Assert.Throws<AuditException>(() => StoreExport.Write(Connect(Path), _folder["export.zip"], null));
        Assert.Equal("mine", File.ReadAllText(_folder["export.zip"]));
    }

    [Fact]
    public void A_damaged_store_is_not_exported()
    {
        using (var database = new LiteDB.LiteDatabase(Path))
            AttackedStore.EditScore(database, SampleReport.Id(2), withHash: true);

        var error = Assert.Throws<DamagedStoreException>(() =>
            StoreExport.Write(Connect(Path), _folder["export"], null)
        );

        Assert.Contains($"the text of report '{SampleReport.Id(2)}' was altered", error.What, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public void A_store_is_never_overwritten()
    {
        StoreExport.Write(Connect(Path), _folder["export"], null);
        var before = File.ReadAllBytes(Path);

        var error = Assert.Throws<AuditException>(() => StoreRestore.Run(Connect(Path), _folder["export"], null));

        Assert.Equal(
            $"There is a store at '{Path}' already, and it is never overwritten; name another with --store.",
            error.Message
        );
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_lost_store_is_restored_beside_its_head_file_but_not_one_that_is_older()
    {
        StoreExport.Write(Connect(Path), _folder["first"], null);
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(50));
        StoreExport.Write(Connect(Path), _folder["second"], null);
        File.Delete(Path);

        var gone = Assert.Throws<AuditException>(() => ReportStore.Open(Path, StoreAccess.ReadWrite));
        Assert.Contains("says that there was one of 7 records", gone.Message, StringComparison.Ordinal);
        var older = Assert.Throws<AuditException>(() => StoreRestore.Run(Connect(Path), _folder["first"], null));
        Assert.Contains("with 7 records, and the export is", older.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));

        StoreRestore.Run(Connect(Path), _folder["second"], null);
        Assert.Empty(ExaminedStore.Check(Path).Findings);
    }

    [Fact]
    public void A_compacted_store_is_smaller_and_holds_the_same()
    {
        using (var database = new LiteDB.LiteDatabase(Path))
        {
            for (var i = 0; i < 40; i++)
                database.GetCollection("waste").Insert(new LiteDB.BsonDocument { ["bytes"] = new byte[20_000] });
            database.DropCollection("waste");
        }

        var old = File.ReadAllBytes(Path);
        File.Copy(Path, _folder["before.db"]);
        File.Copy(Path + ".head", _folder["before.db.head"]);

        var (before, after) = StoreCompaction.Run(Connect(Path), keepOld: true, null);

        Assert.Equal((old.Length, new FileInfo(Path).Length), (before, after));
        Assert.True(after < before / 2);
        Assert.Equal(old, File.ReadAllBytes(Path + ".old"));
        Assert.Empty(ExaminedStore.Check(Path).Findings);
        AssertSame(_folder["before.db"], Path);
        Assert.Throws<AuditException>(() => StoreCompaction.Run(Connect(Path), keepOld: true, null));
        StoreCompaction.Run(Connect(Path), keepOld: false, null);
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(50));
        Assert.Empty(ExaminedStore.Check(Path).Findings);
    }

    [Fact]
    public void A_damaged_store_is_not_compacted()
    {
        using (var database = new LiteDB.LiteDatabase(Path))
            AttackedStore.EditScore(database, SampleReport.Id(2), withHash: true);
        var before = File.ReadAllBytes(Path);

        Assert.Throws<DamagedStoreException>(() => StoreCompaction.Run(Connect(Path), keepOld: true, null));

        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal(
            ["audits.db", "audits.db.head", "audits.db.index", "audits.db.lock"],
            Directory.GetFiles(_folder.Path).Select(System.IO.Path.GetFileName).Order()
        );
    }

    [Fact]
    public void A_lost_head_file_is_made_anew_where_all_else_is_sound()
    {
        var head = File.ReadAllBytes(Path + ".head");
        Assert.False(HeadRenewal.Run(Connect(Path), ExaminedStore.Check(Path)));
        File.Delete(Path + ".head");
        using (var store = ReportStore.Open(Path, StoreAccess.ReadOnly))
            Assert.Equal(Reports, store.Query(ReportFilter.All).Count);
        var refused = Assert.Throws<DamagedStoreException>(() => ReportStore.Open(Path, StoreAccess.ReadWrite));
        Assert.Contains("store check --new-head", refused.Message, StringComparison.Ordinal);

        Assert.True(HeadRenewal.Run(Connect(Path), ExaminedStore.Check(Path)));

        Assert.Equal(head, File.ReadAllBytes(Path + ".head"));
    }

    private static StoreConnection Connect(string path) => new(path, TimeProvider.System);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void AssertSame(string expected, string actual)
    {
        using var first = ReportStore.Open(expected, StoreAccess.ReadOnly);
        using var second = ReportStore.Open(actual, StoreAccess.ReadOnly);
        for (var number = 0; number < Reports; number++)
        {
            var (one, two) = (first.Get(SampleReport.Id(number)), second.Get(SampleReport.Id(number)));
            // The order of members within an object, such as that of the stages' times, is not kept.
            Assert.Equal(CanonicalJson.Serialize(one.Report), CanonicalJson.Serialize(two.Report));
            Assert.Equivalent(one.Thumbnails, two.Thumbnails, strict: true);
            Assert.Equal(
                first.Record(RecordKind.Report, one.Report.Id)!.Hash,
                second.Record(RecordKind.Report, one.Report.Id)!.Hash
            );
        }

        Assert.Equivalent(first.Evaluations(), second.Evaluations(), strict: true);
    }
}
