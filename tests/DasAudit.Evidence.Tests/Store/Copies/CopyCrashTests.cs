using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Evidence.Tests.Store.Copies;

// A fifth of the kills of CrashTests each.
public sealed class CopyCrashTests : IDisposable
{
    private const int Reports = 60;
    private readonly TempFolder _folder = new();
    private readonly Random _random = new(5);

    private static int Kills => Math.Max(10, CrashTests.Kills / 5);

    private string StorePath => _folder["audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_kill_while_a_store_is_compacted_leaves_all_of_it()
    {
        Fill();
        var cut = 0;
        for (var round = 0; round < Kills; round++)
        {
            Kill("compact", 300, linesFirst: round % 3);
            cut += File.Exists(Unfinished) ? 1 : 0;
            AssertHolds(Reports, round);
        }

        Assert.True(cut > 0, "No kill came while the new database was written.");
        StoreCompaction.Run(Connection, keepOld: false, null);
        AssertHolds(Reports, Kills);
        Assert.False(File.Exists(Unfinished));
    }

    [Fact]
    public void A_kill_while_an_export_is_restored_leaves_no_store_or_all_of_it()
    {
        Fill();
        StoreExport.Write(Connection, ChildProcess.Export(StorePath), null);
        var cut = 0;
        for (var round = 0; round < Kills; round++)
        {
            foreach (var file in Directory.GetFiles(_folder.Path, "audits.db*").Where(file => !IsExport(file)))
                File.Delete(file);
            Kill("restore", 900);
            if (!File.Exists(StorePath))
            {
                cut++;
                StoreRestore.Run(Connection, ChildProcess.Export(StorePath), null);
            }

            AssertHolds(Reports, round);
        }

        Assert.True(cut > 0, "No kill came before the store was complete.");
    }

    [Fact]
    public void A_kill_while_an_old_store_gets_its_chain_leaves_what_it_was_or_is_to_be()
    {
        var old = Path.Combine(AppContext.BaseDirectory, "Store", "Old", "store-1.db");
        var cut = 0;
        for (var round = 0; round < Kills; round++)
        {
            foreach (var file in Directory.GetFiles(_folder.Path))
                File.Delete(file);
            File.Copy(old, StorePath);
            Kill("share", 500);
            cut += ExaminedStore.Check(StorePath).Head is null ? 1 : 0;

            using (var store = ReportStore.Open(StorePath, StoreAccess.ReadWrite))
                store.Add(SampleReport.Create(1_000_000 + round));
            var count = ExaminedStore.Check(StorePath).Reports;
            AssertHolds(count, round);
            Assert.True(count >= 4, $"Of the old store's 3 reports and 1 new one, {count} were there.");
            Assert.Equal(File.ReadAllBytes(old), File.ReadAllBytes(StorePath + StoreMigration.CopySuffix));
        }

        Assert.True(cut > 0, "No kill came before the store had its chain.");
    }

    private string Unfinished => StorePath + ".new";

    private StoreConnection Connection => new(StorePath, TimeProvider.System);

    private bool IsExport(string file) => file == ChildProcess.Export(StorePath);

    private void Fill()
    {
        using var store = ReportStore.Open(StorePath, StoreAccess.ReadWrite);
        for (var number = 0; number < Reports; number++)
            store.Add(SampleReport.Create(number));
    }

    private void Kill(string job, int withinMilliseconds, int linesFirst = 0)
    {
        using var child = new ChildProcess(job, StorePath);
        Assert.Equal("begun", child.ReadLine());
        for (var line = 0; line < linesFirst; line++)
            Assert.Equal("compacted", child.ReadLine());
        Thread.Sleep(_random.Next(withinMilliseconds));
        child.Kill();
    }

    private void AssertHolds(int reports, int round)
    {
        var when = string.Create(CultureInfo.InvariantCulture, $"round {round}");
        using (var store = ReportStore.Open(StorePath, StoreAccess.ReadOnly))
            Assert.Equal((when, reports), (when, store.Query(ReportFilter.All).Count));
        var check = ExaminedStore.Check(StorePath);
        Assert.Equal((when, ""), (when, string.Join("; ", check.Findings.Select(finding => finding.What))));
        Assert.Equal(reports, check.Reports);
    }
}
