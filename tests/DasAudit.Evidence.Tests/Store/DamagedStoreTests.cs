using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public sealed class DamagedStoreTests : IDisposable
{
    private const int PageSize = 8192;
    private readonly TempFolder _folder = new();
    private readonly ExaminedStore _store;

    public DamagedStoreTests() => _store = new ExaminedStore(Path);

    private string Path => _folder["audits.db"];

    public void Dispose() => _folder.Dispose();

    // 500 flips of the database here, or as many as the variable says: docs/store.md.
    private static string? Flips => Environment.GetEnvironmentVariable("DASAUDIT_TEST_FLIPS");

    [Fact]
    public void Every_page_overwritten_is_either_reported_or_did_no_harm()
    {
        var random = new Random(1);
        var refused = 0;
        for (var page = 0; page < _store.Database.Length / PageSize; page++)
        {
            var damaged = (byte[])_store.Database.Clone();
            random.NextBytes(damaged.AsSpan(page * PageSize, PageSize));
            _store.AddTo(damaged);
            if (_store.IsNoticed(damaged))
                refused++;
        }

        Assert.Equal(_store.Database.Length / PageSize, refused);
    }

    [Fact]
    public void Several_flipped_bits_are_either_reported_or_did_no_harm()
    {
        var random = new Random(2);
        var refused = 0;
        for (var i = 0; i < 80; i++)
        {
            var damaged = (byte[])_store.Database.Clone();
            var page = random.Next(_store.Database.Length / PageSize);
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

            _store.AddTo(damaged);
            if (_store.IsNoticed(damaged))
                refused++;
        }

        Assert.InRange(refused, 25, 79);
    }

    [Fact]
    public void A_flipped_bit_is_noticed_or_changes_nothing_that_is_read()
    {
        var flips = int.Parse(Flips ?? "500", CultureInfo.InvariantCulture);
        var random = new Random(7);
        var noticed = 0;
        for (var flip = 0; flip < flips; flip++)
        {
            var damaged = (byte[])_store.Database.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (_store.IsNoticed(damaged))
                noticed++;
            if (flip % 10 == 0)
                _store.AddTo(damaged);
        }

        TestContext.Current.SendDiagnosticMessage($"{noticed} of {flips} flips were noticed, the rest did no harm.");
        Assert.InRange(noticed, flips / 3, flips);
    }

    // Each byte has another of its bits flipped; in the long form, all of them.
    [Fact]
    public void A_flipped_bit_of_the_head_file_is_noticed()
    {
        var step = Flips is null ? 9 : 1;
        for (var bit = 0; bit < _store.Head.Length * 8; bit += step)
        {
            var damaged = (byte[])_store.Head.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            _store.Reset();
            File.WriteAllBytes(Path + ".head", damaged);

            Assert.False(_store.Check().IsSound, $"Bit {bit} was flipped.");
            Assert.Throws<DamagedStoreException>(() => ReportStore.Open(Path, StoreAccess.ReadWrite));
        }
    }

    [Fact]
    public void A_report_whose_text_was_altered_is_named()
    {
        var damaged = (byte[])_store.Database.Clone();
        var at = damaged.AsSpan().IndexOf("generated/3.png"u8);
        var last = damaged.AsSpan().LastIndexOf("generated/3.png"u8);
        Assert.NotEqual(at, last);
        var document = damaged.AsSpan(last, 40).IndexOf("sha256"u8) >= 0 ? last : at;
        damaged[document] = (byte)'G';
        File.WriteAllBytes(Path, damaged);

        var error = Assert.Throws<DamagedStoreException>(() =>
            ReportStore.Open(Path, StoreAccess.ReadOnly).Get(SampleReport.Id(3))
        );

        Assert.StartsWith(
            $"The store '{Path}' is damaged (the text of report '{SampleReport.Id(3)}' was altered: its hash is ",
            error.Message,
            StringComparison.Ordinal
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

        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);
        var error = Assert.Throws<DamagedStoreException>(() => store.Query(ReportFilter.All));
        Assert.Equal(
            $"The store '{Path}' is damaged (the entry of report '{SampleReport.Id(3)}' is missing); "
                + "put back a copy of it, or name another with --store.",
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
            var damaged = (byte[])_store.Database.Clone();
            for (var page = 1; page < damaged.Length / PageSize; page++)
                random.NextBytes(damaged.AsSpan((page * PageSize) + 1000, 100));
            File.WriteAllBytes(Path, damaged);
            Assert.False(_store.Check().IsSound);
        }

        using var store = ReportStore.Open(_folder["other.db"], StoreAccess.ReadWrite);
        for (var number = 0; number < 5; number++)
            store.Add(SampleReport.Create(number, attributions: 20));
        Assert.Equal(5, store.Query(ReportFilter.All).Count);
    }
}
