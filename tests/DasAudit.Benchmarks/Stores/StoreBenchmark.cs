using System.Diagnostics;
using System.Globalization;
using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Queries;
using DasAudit.Evidence.Store;
using DasAudit.Testing;

namespace DasAudit.Benchmarks.Stores;

/// <summary>What adding a report and finding reports take as a store grows.</summary>
internal static class StoreBenchmark
{
    private const int Batch = 500;
    private const int Added = 50;
    private const int Repetitions = 15;
    private const int MostRenewed = 10_000;
    private static readonly int[] Sizes = [1000, 10_000, 100_000, 1_000_000];

    private static readonly (string What, ReportFilter Filter, int Limit)[] Queries =
    [
        ("newest 20", ReportFilter.All, 20),
        ("all", ReportFilter.All, int.MaxValue),
        ("model", new() { Model = "model-17" }, int.MaxValue),
        ("image", new() { Image = "generated/7777.png" }, int.MaxValue),
        ("image hash", new() { Image = SampleReport.Sha256("query 500")[..12] }, int.MaxValue),
        ("holder+share", new() { RightsHolder = "Holder 42", MinimumShare = 0.3 }, int.MaxValue),
        ("dataset+method", new() { Dataset = "set-3", Method = "trak" }, int.MaxValue),
        ("license+from", new() { License = "MIT", From = SampleReport.Created.AddSeconds(900) }, int.MaxValue),
        ("picture", new() { Picture = "pictures/1234.png" }, int.MaxValue),
        ("picture+word", new() { Picture = "pictures/1234.png", Strength = EvidenceStrength.Strong }, int.MaxValue),
        ("nothing", new() { Model = "no such model" }, int.MaxValue),
    ];

    /// <summary>Fills a store in a temporary folder, and measures at each size on the way.</summary>
    /// <param name="count">Number of reports in the end.</param>
    public static void Run(bool json, int count)
    {
        var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
        try
        {
            var path = Path.Combine(folder.FullName, "audits.db");
            ReportStore.Open(path, StoreAccess.ReadWrite).Dispose();
            Output.WriteHeader(json, $"{"what", -16} {"reports", 8} {"ms", 8} {"found", 7} {"bytes", 8}");
            var stored = 0;
            foreach (var size in Sizes.Where(size => size < count).Append(count))
            {
                while (stored < size - Added)
                    stored = Fill(path, stored, Math.Min(size - Added, stored + Batch));
                if (size <= MostRenewed)
                    Report(json, "index anew", size, Time(() => Renew(path)));
                Report(json, "add", size, Median(() => Add(path, stored++), size - stored));
                Report(json, "size", stored, null, bytes: new FileInfo(path).Length / stored);
                Report(json, "index size", stored, null, bytes: new FileInfo(path + IndexFile.Suffix).Length / stored);
                foreach (var query in Queries)
                    Measure(json, path, stored, query);
                if (size <= MostRenewed)
                    MeasurePolicy(json, path, stored);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(bool json, string path, int stored, (string, ReportFilter, int) query)
    {
        var (what, filter, limit) = query;
        var matches = 0;
        Action find = () =>
        {
            using var store = ReportStore.Open(path, StoreAccess.ReadOnly);
            matches = store.Find(filter, limit).Count;
        };
        Report(json, what, stored, Median(find, Repetitions), matches);

        // What it takes where nothing else runs.
        Report(json, what + " (best)", stored, Enumerable.Range(0, Repetitions).Min(_ => Time(find)), matches);
    }

    private static void MeasurePolicy(bool json, string path, int stored)
    {
        var findings = 0;
        var times = Enumerable.Range(0, 5).Select(_ => Time(() => findings = PolicyMeasure.Ask(path))).ToList();
        Report(json, "policy", stored, times.Order().ElementAt(times.Count / 2), findings);
        Report(json, "policy (best)", stored, times.Min(), findings);
    }

    private static int Fill(string path, int from, int to)
    {
        var connection = new StoreConnection(path, TimeProvider.System);
        var index = new IndexFile(path);
        connection.Write(
            0,
            database =>
            {
                var head = StoreChain.Tail(database).Head;
                connection.Transact(
                    database,
                    () =>
                    {
                        for (var number = from; number < to; number++)
                        {
                            var report = Make(number);
                            var bytes = Encoding.UTF8.GetBytes(ReportJson.Serialize(report.Report));
                            var hashes = report.Thumbnails.ToDictionary(p => p.Key, p => StoreContents.Sha256(p.Value));
                            var entry = StoreEntry.From(report.Report, StoreContents.Sha256(bytes), hashes);
                            StoreInsertion.Insert(database, entry, bytes, report.Thumbnails);
                            var record = StoredRecords.Following(head, RecordKind.Report, entry.Id, bytes, hashes);
                            StoreChain.Insert(database, record);
                            index.TryAppend(head, IndexFrame.Make(record.Sequence, record.Hash, report.Report));
                            head = head.After(record);
                        }
                    }
                );
                return head;
            }
        );
        return to;
    }

    private static void Renew(string path) => new StoreIndex(new StoreConnection(path, TimeProvider.System)).Renew();

    private static void Add(string path, int number)
    {
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        store.Add(Make(number));
    }

    // A report of 20 pictures and 20 holders, with names as many audits of several models would have them.
    private static StoredReport Make(int number)
    {
        var random = new Random(number);
        var sample = SampleReport.Create(number, attributions: 20);
        var holders = Enumerable.Range(0, 20).Select(_ => $"Holder {random.Next(200)}").Distinct().ToList();
        var report = sample.Report with
        {
            Model = sample.Report.Model with { Path = $"models/model-{random.Next(50)}" },
            Dataset = sample.Report.Dataset with { Path = $"data/set-{random.Next(10)}" },
            Method = sample.Report.Method with { Id = random.Next(2) == 0 ? "das" : "trak" },
            Groups = [.. holders.Select((h, i) => new GroupShare(h, 0.5 / (1 << Math.Min(i, 20)), 0.1, 0.6, 9))],
            Attributions =
            [
                .. sample.Report.Attributions.Select(picture =>
                    picture with
                    {
                        Item = $"pictures/{random.Next(5000)}.png",
                        Strength = (EvidenceStrength)random.Next(4),
                        RightsHolder = holders[random.Next(holders.Count)],
                        License = random.Next(50) == 0 ? "MIT" : "CC-BY-4.0",
                    }
                ),
            ],
        };
        return sample with { Report = report };
    }

    private static double Time(Action run)
    {
        var watch = Stopwatch.StartNew();
        run();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(Action run, int repetitions) =>
        Enumerable.Range(0, repetitions).Select(_ => Time(run)).Order().ElementAt(repetitions / 2);

    private static void Report(
        bool json,
        string what,
        int reports,
        double? milliseconds,
        int? matches = null,
        long? bytes = null
    )
    {
        var ms = milliseconds is { } value ? Math.Round(value, 1) : (double?)null;
        Output.Write(
            json,
            new
            {
                what,
                reports,
                ms,
                matches,
                bytes,
            },
            string.Create(CultureInfo.InvariantCulture, $"{what, -16} {reports, 8} {ms, 8:0.0} {matches, 7} {bytes, 8}")
        );
    }
}
