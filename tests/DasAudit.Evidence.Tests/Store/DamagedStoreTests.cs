using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public sealed class DamagedStoreTests : IDisposable
{
    private const int Reports = 8;
    private const int PageSize = 8192;
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _stored = [];
    private readonly byte[] _sound;

    public DamagedStoreTests()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        for (var number = 0; number < Reports; number++)
        {
            var report = SampleReport.Create(number, attributions: 20);
            store.Add(report);
            _stored[report.Report.Id] = ReportJson.Serialize(report.Report);
        }

        _sound = File.ReadAllBytes(Path);
    }

    private string Path => _folder["audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_page_overwritten_is_either_reported_or_did_no_harm()
    {
        var random = new Random(1);
        var refused = 0;
        for (var page = 0; page < _sound.Length / PageSize; page++)
        {
            var damaged = (byte[])_sound.Clone();
            random.NextBytes(damaged.AsSpan(page * PageSize, PageSize));
            if (Refused(damaged))
                refused++;
        }

        Assert.Equal(_sound.Length / PageSize, refused);
    }

    [Fact]
    public void Flipped_bits_are_either_reported_or_did_no_harm()
    {
        var random = new Random(2);
        var refused = 0;
        for (var i = 0; i < 150; i++)
        {
            var damaged = (byte[])_sound.Clone();
            var page = random.Next(_sound.Length / PageSize);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Half of them where the page's structure is: in its first bytes, or in the slots at its end.
                var at = random.Next(4) switch
                {
                    0 => random.Next(32),
                    1 => PageSize - 1 - random.Next(64),
                    _ => random.Next(PageSize),
                };
                damaged[(page * PageSize) + at] ^= (byte)(1 << random.Next(8));
            }

            if (Refused(damaged))
                refused++;
        }

        Assert.InRange(refused, 50, 149);
    }

    [Fact]
    public void A_report_whose_text_was_altered_is_named()
    {
        var damaged = (byte[])_sound.Clone();
        var at = damaged.AsSpan().IndexOf("generated/3.png"u8);
        var last = damaged.AsSpan().LastIndexOf("generated/3.png"u8);
        Assert.NotEqual(at, last);
        var document = damaged.AsSpan(last, 40).IndexOf("sha256"u8) >= 0 ? last : at;
        damaged[document] = (byte)'G';
        File.WriteAllBytes(Path, damaged);

        var error = Assert.Throws<AuditException>(() =>
            ReportStore.Open(Path, StoreAccess.ReadOnly).Get(SampleReport.Id(3))
        );

        Assert.Equal(
            $"The store '{Path}' is damaged (report '{SampleReport.Id(3)}' is not what was stored); put back a copy of it, or name another with --store.",
            error.Message
        );
        Assert.Equal(
            SampleReport.Id(2),
            ReportStore.Open(Path, StoreAccess.ReadOnly).Get(SampleReport.Id(2)).Report.Id
        );
    }

    [Fact]
    public void A_report_that_went_missing_is_noticed()
    {
        using (var database = new LiteDB.LiteDatabase(Path))
            database.GetCollection("reports").Delete(SampleReport.Id(3));

        var error = Assert.Throws<AuditException>(() => ReportStore.Open(Path, StoreAccess.ReadOnly));
        Assert.Equal(
            $"The store '{Path}' is damaged (7 of 8 reports can be found); put back a copy of it, or name another with --store.",
            error.Message
        );
    }

    [Fact]
    public void Damaged_stores_do_not_spoil_the_next_one()
    {
        // LiteDB shares buffers across databases and loses some of them when it meets damage.
        var random = new Random(3);
        for (var i = 0; i < 40; i++)
        {
            var damaged = (byte[])_sound.Clone();
            for (var page = 1; page < damaged.Length / PageSize; page++)
                random.NextBytes(damaged.AsSpan((page * PageSize) + 1000, 100));
            File.WriteAllBytes(Path, damaged);
            Assert.Throws<AuditException>(() => ReportStore.Open(Path, StoreAccess.ReadWrite));
        }

        using var store = ReportStore.Open(_folder["other.db"], StoreAccess.ReadWrite);
        for (var number = 0; number < 5; number++)
            store.Add(SampleReport.Create(number, attributions: 20));
        Assert.Equal(5, store.Query(ReportFilter.All).Count);
    }

    /// <summary>Reads and then adds; each must end in a sentence that changes nothing, or leave everything readable.</summary>
    private bool Refused(byte[] damaged)
    {
        File.WriteAllBytes(Path, damaged);
        var refused = false;
        try
        {
            Assert.Equal(_stored, ReadAll());
        }
        catch (AuditException)
        {
            refused = true;
        }

        Assert.Equal(damaged, File.ReadAllBytes(Path));
        try
        {
            using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
            store.Add(SampleReport.Create(Reports, attributions: 20));
        }
        catch (AuditException)
        {
            Assert.Equal(damaged, File.ReadAllBytes(Path));
            return true;
        }

        Assert.False(refused, "A report was added to a store that could not be read.");
        Assert.Equal([.. _stored.Keys, SampleReport.Id(Reports)], ReadAll().Keys.Order());
        return false;
    }

    private Dictionary<string, string> ReadAll()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);
        foreach (var id in _stored.Keys)
            store.Get(id);
        return store.Query(ReportFilter.All).ToDictionary(r => r.Id, ReportJson.Serialize);
    }
}
