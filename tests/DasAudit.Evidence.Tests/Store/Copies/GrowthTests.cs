using System.Diagnostics;
using System.Globalization;
using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Evidence.Tests.Store.Copies;

/// <summary>How long one report takes as the store grows. More stored reports: docs/store.md.</summary>
public sealed class GrowthTests : IDisposable
{
    private const int Few = 10;
    private const int Measured = 30;
    private readonly TempFolder _folder = new();

    private static int Many { get; } =
        int.Parse(Environment.GetEnvironmentVariable("DASAUDIT_TEST_REPORTS") ?? "300", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Opening_and_adding_take_no_longer_the_more_reports_there_are()
    {
        var few = Measure(Few);
        var middle = Measure(Math.Min(1000, (Few + Many) / 2));
        var many = Measure(Many);

        Say(few);
        Say(middle);
        Say(many);

        // Loose, since machines that run tests are busy; reading all reports takes a hundred times as long.
        Assert.True(many.Open < 5 * few.Open + 100 && many.Add < 5 * few.Add + 100, $"{few} and {many}");
    }

    private Figures Measure(int reports)
    {
        var path = _folder[$"{reports}.db"];
        var head = Fill(path, reports);
        new HeadFile(path, new StoreErrors(path)).Write(head);
        var opening = new List<double>();
        var adding = new List<double>();
        for (var number = 0; number < Measured; number++)
        {
            var watch = Stopwatch.StartNew();
            using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
            opening.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            store.Add(SampleReport.Create(reports + number, attributions: 20));
            adding.Add(watch.Elapsed.TotalMilliseconds);
        }

        var check = Stopwatch.StartNew();
        Assert.Empty(ExaminedStore.Check(path).Findings);
        return new(reports, Median(opening), Median(adding), check.Elapsed.TotalSeconds, new FileInfo(path).Length);
    }

    private static ChainHead Fill(string path, int reports)
    {
        var store = Ulid.NewUlid().ToString();
        var items = Items(store, reports).ToList();
        var head = ChainHead.Empty(store);
        items.ForEach(item => head = head.After(item.Record));
        var builder = new StoreBuilder(new StoreConnection(path, TimeProvider.System));
        builder.Build(items, head, null);
        File.Move(builder.Beside, path);
        return head;
    }

    private static IEnumerable<StoredItem> Items(string store, int reports)
    {
        var head = ChainHead.Empty(store);
        for (var number = 0; number < reports; number++)
        {
            var report = SampleReport.Create(number, attributions: 20);
            var json = Encoding.UTF8.GetBytes(ReportJson.Serialize(report.Report));
            var hashes = report.Thumbnails.ToDictionary(p => p.Key, p => StoreContents.Sha256(p.Value));
            var pngs = report.Thumbnails.Values.DistinctBy(StoreContents.Sha256).ToDictionary(StoreContents.Sha256);
            var record = StoredRecords.Following(head, RecordKind.Report, report.Report.Id, json, hashes);
            head = head.After(record);
            yield return new(record, json, pngs);
        }
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static void Say(Figures figures) =>
        TestContext.Current.SendDiagnosticMessage(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.Reports} reports: opening {figures.Open:0.0} ms, adding {figures.Add:0.0} ms, "
                    + $"whole check {figures.Check:0.0} s, "
                    + $"{figures.Bytes / (figures.Reports + Measured) / 1000.0:0.0} kB a report"
            )
        );

    private sealed record Figures(int Reports, double Open, double Add, double Check, long Bytes);
}
