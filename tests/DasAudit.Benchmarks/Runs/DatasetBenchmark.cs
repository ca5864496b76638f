using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Pictures;

namespace DasAudit.Benchmarks.Runs;

/// <summary>What reading a folder of small pictures takes, with and without an index.</summary>
internal static class DatasetBenchmark
{
    private const int Folders = 32;
    private const int Side = 8;

    /// <summary>Makes a dataset with rights, reads it twice with an index, and checks it.</summary>
    /// <param name="count">Number of pictures.</param>
    public static void Run(bool json, int count)
    {
        var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
        try
        {
            var dataset = Path.Combine(folder.FullName, "pictures");
            Write(dataset, count);
            var options = new TrainingSetOptions
            {
                Indexes = new(Path.Combine(folder.FullName, "indexes"), new LaterTime()),
            };
            Output.WriteHeader(json, $"{"what", -14} {"pictures", 9} {"seconds", 8} {"peak MB", 8}");
            Measure("first audit", () => Load(dataset, options));
            for (var i = 0; i < 3; i++)
                Measure("second audit", () => Load(dataset, options));
            // The parts of it, and what is not part of it.
            var contents = PictureFolder.Scan(dataset);
            var set = Load(dataset, options);
            Measure("scan", () => PictureFolder.Scan(dataset));
            Measure("metadata", () => MetadataTable.Read(dataset, contents, new()));
            Measure(
                "index",
                () => new IndexedHashing(dataset, contents.Pictures, options).FindUnchanged(contents.Pictures, default)
            );
            Measure("root", () => MerkleRoot.Compute(set.Items));
            Measure("check", () => DatasetCheck.Run(set, TimeProvider.System));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Measure(string what, Action run)
        {
            var watch = new Stopwatch();
            var peak = ProcessMeasures.AbsolutePeakMB(() =>
            {
                watch.Start();
                run();
                watch.Stop();
            });
            var seconds = Math.Round(watch.Elapsed.TotalSeconds, 2);
            Output.Write(
                json,
                new
                {
                    what,
                    pictures = count,
                    seconds,
                    peakMB = Math.Round(peak),
                },
                $"{what, -14} {count, 9} {seconds, 8:F2} {peak, 8:F0}"
            );
        }
    }

    private static TrainingSet Load(string dataset, TrainingSetOptions options)
    {
        var set = TrainingSetLoader.Load(dataset, options);
        _ = set.Root;
        return set;
    }

    private static void Write(string dataset, int count)
    {
        var random = new Random(1);
        var rgb = new byte[Side * Side * 3];
        for (var i = 0; i < Folders; i++)
            Directory.CreateDirectory(Path.Combine(dataset, Folder(i)));
        using var metadata = File.CreateText(Path.Combine(dataset, "metadata.jsonl"));
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(rgb);
            var name = string.Create(CultureInfo.InvariantCulture, $"{Folder(i)}/picture-{i:d7}.png");
            File.WriteAllBytes(Path.Combine(dataset, name), PictureWriter.Png(new(Side, Side, rgb)));
            var line = new
            {
                file_name = name,
                title = $"Picture {i}",
                license = i % 2 == 0 ? "CC-BY-4.0" : "CC0-1.0",
                rights_holder = $"Holder {i % 100}",
                author = $"Author {i % 5000}",
                source = $"https://pictures.example/{i % 5000}/{i}",
            };
            metadata.WriteLine(JsonSerializer.Serialize(line));
        }
    }

    private static string Folder(int i) => string.Create(CultureInfo.InvariantCulture, $"{i % Folders:d2}");

    /// <summary>A clock an hour ahead: an index does not keep files that were written just now.</summary>
    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
