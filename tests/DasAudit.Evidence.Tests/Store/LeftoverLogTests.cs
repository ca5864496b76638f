using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

/// <summary>A crash between LiteDB's commit and the checkpoint leaves reports in the log only.</summary>
public sealed class LeftoverLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public LeftoverLogTests()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(0));

        // Without automatic checkpoints, closing leaves the log as a crash does.
        using var database = new LiteDatabase(Path) { CheckpointSize = 0 };
        var report = SampleReport.Create(1).Report;
        var json = Encoding.UTF8.GetBytes(ReportJson.Serialize(report));
        var none = new Dictionary<string, string>();
        var head = StoreChain.Tail(database).Head;
        StoreInsertion.Insert(
            database,
            StoreEntry.From(report, StoreContents.Sha256(json), none),
            json,
            new Dictionary<string, byte[]>()
        );
        StoreChain.Insert(database, StoredRecords.Following(head, RecordKind.Report, report.Id, json, none));
    }

    private string Path => _folder["audits.db"];

    private string LogPath => _folder["audits-log.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_reader_sees_what_is_in_the_log_and_leaves_it_there()
    {
        var (data, log) = (File.ReadAllBytes(Path), File.ReadAllBytes(LogPath));
        Assert.NotEmpty(log);

        Assert.Equal(2, ReportStore.Open(Path, StoreAccess.ReadOnly).Query(ReportFilter.All).Count);

        Assert.Equal(data, File.ReadAllBytes(Path));
        Assert.Equal(log, File.ReadAllBytes(LogPath));
    }

    [Fact]
    public void A_reader_makes_do_with_a_log_whose_last_page_is_torn_and_does_not_crop_it()
    {
        using (var stream = File.Open(LogPath, FileMode.Append))
            stream.Write(new byte[5000]);
        var length = new FileInfo(LogPath).Length;

        Assert.Equal(2, ReportStore.Open(Path, StoreAccess.ReadOnly).Query(ReportFilter.All).Count);

        Assert.Equal(length, new FileInfo(LogPath).Length);
    }

    [Fact]
    public void The_next_report_takes_the_log_along()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(2));

        Assert.False(File.Exists(LogPath));
        Assert.Equal(
            new[] { 2, 1, 0 }.Select(SampleReport.Id),
            ReportStore.Open(Path, StoreAccess.ReadOnly).Query(ReportFilter.All).Select(r => r.Id)
        );
    }

    [Fact]
    public void A_log_that_is_damaged_is_reported_and_not_applied()
    {
        var (data, log) = (File.ReadAllBytes(Path), File.ReadAllBytes(LogPath));
        var random = new Random(6);
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            var damaged = (byte[])log.Clone();
            damaged[(random.Next(log.Length / 8192) * 8192) + (i % 2 == 0 ? random.Next(32) : random.Next(8192))] ^=
                (byte)(1 << random.Next(8));
            File.WriteAllBytes(Path, data);
            File.WriteAllBytes(LogPath, damaged);
            try
            {
                using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
                store.Add(SampleReport.Create(2));
            }
            catch (AuditException)
            {
                Assert.Equal(data, File.ReadAllBytes(Path));
                Assert.Equal(damaged, File.ReadAllBytes(LogPath));
                refused++;
                continue;
            }

            // A damaged commit mark is a commit that did not happen; the report in it was not acknowledged.
            var found = ReportStore
                .Open(Path, StoreAccess.ReadOnly)
                .Query(ReportFilter.All)
                .Select(r => r.Id)
                .ToHashSet();
            Assert.Subset(found, new HashSet<string> { SampleReport.Id(0), SampleReport.Id(2) });
        }

        Assert.InRange(refused, 10, 59);
    }
}
