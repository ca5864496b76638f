using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public sealed class StoreLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public StoreLockTests()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create());
    }

    private string Path => _folder["audits.db"];

    private string Busy =>
        $"The store '{Path}' is in use by another process; wait until it has finished, or name another with --store.";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_that_another_process_holds_is_a_sentence_for_readers_and_writers()
    {
        var open = ReportStore.Open(Path, StoreAccess.ReadWrite, new HastyTime());
        var before = File.ReadAllBytes(Path);
        using var other = new ChildProcess("hold", Path);
        Assert.Equal("held", other.ReadLine());

        Assert.Equal(
            Busy,
            Assert.Throws<AuditException>(() => ReportStore.Open(Path, StoreAccess.ReadOnly, new HastyTime())).Message
        );
        Assert.Equal(
            Busy,
            Assert.Throws<AuditException>(() => ReportStore.Open(Path, StoreAccess.ReadWrite, new HastyTime())).Message
        );
        Assert.Equal(Busy, Assert.Throws<AuditException>(() => open.Add(SampleReport.Create(1))).Message);
        Assert.Equal(Busy, Assert.Throws<AuditException>(() => open.Get(SampleReport.Id(0))).Message);
        Assert.Equal(before, File.ReadAllBytes(Path));

        other.End();
        open.Add(SampleReport.Create(1));
        Assert.Equal(2, open.Query(ReportFilter.All).Count);
    }

    [Fact]
    public void Waiting_ends_when_the_other_is_done()
    {
        var held = StoreLock.Acquire(Path, StoreAccess.ReadWrite, TimeSpan.Zero, TimeProvider.System)!;
        var time = new HastyTime
        {
            OnTimer = (clock, timers) =>
            {
                if (timers == 3)
                    held.Dispose();
            },
        };

        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly, time);

        Assert.Single(store.Query(ReportFilter.All));
        Assert.Equal(3, time.Timers);
    }

    [Fact]
    public void Waiting_takes_as_long_as_is_promised()
    {
        using var held = StoreLock.Acquire(Path, StoreAccess.ReadWrite, TimeSpan.Zero, TimeProvider.System)!;
        var time = new HastyTime();

        Assert.Throws<AuditException>(() => ReportStore.Open(Path, StoreAccess.ReadOnly, time));

        Assert.Equal(ReportStore.LockTimeout, time.Elapsed);
    }

    [Fact]
    public void Readers_share_and_keep_writers_out_with_or_without_a_lock_file()
    {
        using (Acquire(StoreAccess.ReadOnly))
        {
            Acquire(StoreAccess.ReadOnly)!.Dispose();
            Assert.Null(Acquire(StoreAccess.ReadWrite));
        }

        File.Delete(Path + ".lock");
        using (Acquire(StoreAccess.ReadOnly))
        {
            Assert.False(File.Exists(Path + ".lock"));
            Acquire(StoreAccess.ReadOnly)!.Dispose();
            Assert.Null(Acquire(StoreAccess.ReadWrite));
        }

        Acquire(StoreAccess.ReadWrite)!.Dispose();

        StoreLock? Acquire(StoreAccess access) => StoreLock.Acquire(Path, access, TimeSpan.Zero, TimeProvider.System);
    }

    [Fact]
    public void A_program_that_has_the_file_open_without_our_lock_keeps_writers_out()
    {
        var open = ReportStore.Open(Path, StoreAccess.ReadWrite, new HastyTime());
        using (new LiteDB.LiteDatabase(Path))
        {
            Assert.Equal(Busy, Assert.Throws<AuditException>(() => open.Add(SampleReport.Create(1))).Message);
        }

        open.Add(SampleReport.Create(1));
    }

    [Fact]
    public void Two_processes_that_add_at_once_both_succeed()
    {
        using var other = new ChildProcess("add", Path, first: 1000);
        Assert.Equal("begun", other.ReadLine());
        Assert.Equal("1000", other.ReadLine());

        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        for (var number = 1; number <= 10; number++)
            store.Add(SampleReport.Create(number));
        var theirs = other.Kill().Select(int.Parse).Append(1000).Select(SampleReport.Id);

        var found = store.Query(ReportFilter.All).Select(r => r.Id).ToHashSet();
        Assert.Subset(found, theirs.Concat(Enumerable.Range(0, 11).Select(SampleReport.Id)).ToHashSet());
    }

    /// <summary>A clock on which every delay is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        internal Action<HastyTime, int>? OnTimer { get; init; }

        internal int Timers { get; private set; }

        internal TimeSpan Elapsed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Elapsed += dueTime;
            OnTimer?.Invoke(this, ++Timers);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
