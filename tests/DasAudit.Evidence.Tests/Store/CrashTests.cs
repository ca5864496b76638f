using System.Diagnostics;
using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public class CrashTests
{
    [Fact]
    public void Every_acknowledged_report_survives_being_killed_at_any_moment()
    {
        using var folder = new TempFolder();
        var path = folder[".das-audit/audits.db"];
        var random = new Random(4);
        var acknowledged = new HashSet<string>();
        var next = 0;
        for (var round = 0; round < 20; round++)
        {
            using var child = new ChildProcess("add", path, next);
            Assert.Equal("begun", child.ReadLine());

            // Every fourth round within the opening, or, as long as there is no store, within its creation.
            for (var lines = round % 4 == 0 ? 0 : random.Next(1, 8); lines > 0; lines--)
                Acknowledge(child.ReadLine()!);
            Spin(random.NextDouble() * (round % 4 == 0 ? 150 : 15));
            foreach (var line in child.Kill())
                Acknowledge(line);

            if (File.Exists(path))
                Check(path, acknowledged, round);
            next += 100;

            void Acknowledge(string line) =>
                acknowledged.Add(SampleReport.Id(int.Parse(line, CultureInfo.InvariantCulture)));
        }

        Assert.True(acknowledged.Count > 30, "Too few reports were stored for the test to mean anything.");
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create(next));
        Assert.Subset(store.Query(ReportFilter.All).Select(r => r.Id).ToHashSet(), acknowledged);
    }

    private static void Check(string path, HashSet<string> acknowledged, int round)
    {
        // The reader comes first, so that it has to make do with the log that the crash left.
        using var store = ReportStore.Open(path, StoreAccess.ReadOnly);
        var found = store.Query(ReportFilter.All).Select(r => r.Id).ToHashSet();
        Assert.True(
            acknowledged.IsSubsetOf(found),
            $"Round {round}: {acknowledged.Count(a => !found.Contains(a))} acknowledged reports are gone."
        );
        foreach (var id in acknowledged)
            Assert.Equal(6, store.Get(id).Thumbnails.Count);
    }

    private static void Spin(double milliseconds)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalMilliseconds < milliseconds)
            Thread.SpinWait(100);
    }
}
