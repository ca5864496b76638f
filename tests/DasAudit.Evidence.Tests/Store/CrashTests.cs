using System.Diagnostics;
using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

// 25 kills each, or as many as DASAUDIT_TEST_KILLS says: docs/store.md.
public sealed class CrashTests : IDisposable
{
    private const int Processes = 8;
    private readonly TempFolder _folder = new();
    private readonly HashSet<string> _acknowledged = [];
    private readonly Random _random = new(4);
    private int _next;

    internal static int Kills { get; } =
        int.Parse(Environment.GetEnvironmentVariable("DASAUDIT_TEST_KILLS") ?? "25", CultureInfo.InvariantCulture);

    private string StorePath => _folder[".das-audit/audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_acknowledged_report_survives_the_kills_of_the_one_process_that_writes()
    {
        for (var round = 0; round < Kills; round++)
        {
            using var child = Start("add");

            // Every fourth round within the opening, or, as long as there is no store, within its creation.
            for (var lines = round % 4 == 0 ? 0 : _random.Next(1, 8); lines > 0; lines--)
                Acknowledge(child.ReadLine()!);
            Spin(_random.NextDouble() * (round % 4 == 0 ? 150 : 15));
            foreach (var line in child.Kill())
                Acknowledge(line);

            if (File.Exists(StorePath))
                Check($"round {round}");
        }

        Assert.True(_acknowledged.Count > Kills, "Too few reports were stored for the test to mean anything.");
        AddOneMore();
    }

    [Fact]
    public void Every_acknowledged_report_survives_the_kills_of_eight_processes_that_write_at_once()
    {
        for (var kills = 0; kills < Kills; kills += Processes)
        {
            var children = Enumerable.Range(0, Processes).Select(_ => Start("share")).ToList();
            foreach (var child in children.OrderBy(_ => _random.Next()))
            {
                Acknowledge(child.ReadLine()!);
                Spin(_random.NextDouble() * 40);
                End(child);
            }

            Check($"kill {kills + Processes}");
        }

        Assert.True(_acknowledged.Count >= Kills, "Too few reports were stored for the test to mean anything.");
        AddOneMore();
    }

    private ChildProcess Start(string job)
    {
        var child = new ChildProcess(job, StorePath, _next);
        _next += 1000;
        Assert.Equal("begun", child.ReadLine());
        return child;
    }

    private void End(ChildProcess child)
    {
        foreach (var line in child.Kill())
            Acknowledge(line);
        child.Dispose();
    }

    private void Acknowledge(string line) =>
        _acknowledged.Add(SampleReport.Id(int.Parse(line, CultureInfo.InvariantCulture)));

    private void AddOneMore()
    {
        using (var store = ReportStore.Open(StorePath, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create(_next));
        Check("the end");
        using var reader = ReportStore.Open(StorePath, StoreAccess.ReadOnly);
        Assert.Equal(6, reader.Get(_acknowledged.Last()).Thumbnails.Count);
        var message = $"{_acknowledged.Count} acknowledged of {reader.Query(ReportFilter.All).Count}, {Kills} kills.";
        TestContext.Current.SendDiagnosticMessage(message);
    }

    private void Check(string when)
    {
        // The reader comes first, so that it has to make do with the log that the crash left.
        using var store = ReportStore.Open(StorePath, StoreAccess.ReadOnly);
        var found = store.Query(ReportFilter.All).Select(report => report.Id).ToHashSet();
        Assert.True(
            _acknowledged.IsSubsetOf(found),
            $"At {when} {_acknowledged.Count(id => !found.Contains(id))} acknowledged reports were gone."
        );
        Assert.Equal(found, [.. store.Find(ReportFilter.All).Select(report => report.Id)]);
        var check = ExaminedStore.Check(StorePath);
        Assert.NotEqual(false, check.Index?.IsMissing);
        Assert.True(check.IsSound, $"At {when}: {string.Join("; ", check.Findings.Select(finding => finding.What))}");
    }

    private static void Spin(double milliseconds)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalMilliseconds < milliseconds)
            Thread.SpinWait(100);
    }
}
