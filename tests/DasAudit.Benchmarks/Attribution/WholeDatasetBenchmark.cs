using System.Diagnostics;
using System.Globalization;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Gradients;
using DasAudit.Core.Torch;

namespace DasAudit.Benchmarks.Attribution;

/// <summary>
/// DAS with a kernel of 100,000 pictures (k = 4096, float16) that lie in a feature store on the disk: reading them,
/// scoring one query against them, factorising the kernel, and the method as an audit runs it, with a thousand
/// candidates and all others as background, and with all as candidates.
/// </summary>
internal static class WholeDatasetBenchmark
{
    private const int Dimension = 4096;
    private const int Timesteps = 10;

    public static void Run(bool json, int pictures)
    {
        var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
        try
        {
            var store = Fill(folder.FullName, pictures);
            FeatureKey[] keys = [.. Enumerable.Range(0, pictures).Select(Key)];
            var workers = Environment.ProcessorCount;
            var blocks = new StoredFeatures(store, FeatureKind.UnitMean, 0, keys);
            var query = new double[Dimension];
            query.AsSpan().Fill(1.0 / Dimension);
            var products = new double[pictures];
            var times = Rounds.Time(
                3,
                () =>
                    Workers.Run(
                        () => new ScratchBuffer(blocks),
                        workers,
                        blocks.Blocks,
                        (buffer, block) => buffer.Block.Read(block)
                    ),
                () => BlockProducts.Write(query, blocks, products, workers, CancellationToken.None)
            );
            Print("reading", times[0].Wall, null);
            Print("scoring one query", times[1].Wall, null);
            Timed(
                "factorising the kernel",
                () =>
                {
                    using var kernel = RidgeKernel.Factorise(blocks, workers, CancellationToken.None);
                }
            );
            var streaming = new StreamingOptions { Workers = workers };
            FeatureSet queries = FeatureSet.Of([Features(-1)]);
            const int Candidates = 1000;
            Timed(
                "das, 1000 candidates, the others as background",
                () =>
                    Score(
                        new(queries, new KeptFeatures(store, keys[..Candidates]), Candidates)
                        {
                            Background = new KeptFeatures(store, keys[Candidates..]),
                            Streaming = streaming,
                        }
                    )
            );
            Timed(
                "das, all candidates",
                () => Score(new(queries, new KeptFeatures(store, keys), pictures) { Streaming = streaming })
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Timed(string what, Action run)
        {
            var watch = new Stopwatch();
            var peak = ProcessMeasures.AbsolutePeakMB(() =>
            {
                watch.Start();
                run();
                watch.Stop();
            });
            Print(what, watch.Elapsed.TotalSeconds, peak);
        }

        void Print(string what, double seconds, double? peak) =>
            Output.Write(
                json,
                new
                {
                    what,
                    pictures,
                    seconds = Math.Round(seconds, 2),
                    peakMB = peak is { } megabytes ? Math.Round(megabytes) : (double?)null,
                },
                string.Create(CultureInfo.InvariantCulture, $"{what, -50} {seconds, 8:F2} s {peak, 8:F0} MB")
            );
    }

    private static void Score(FeatureTable table) =>
        new DasMethod().Score(
            new()
            {
                Members = table.Members,
                Scored = table.Scored.Count,
                Replicates = 1,
                Features = new Dictionary<string, IReadOnlyList<FeatureTable>> { ["das"] = [table] },
            },
            new(),
            CancellationToken.None
        );

    private static FeatureStore Fill(string folder, int pictures)
    {
        var settings = new FeatureSettings
        {
            ModelSha256 = new string('0', 64),
            Adapter = "benchmark",
            AdapterVersion = "1",
            Parameters = null,
            AttributedParameters = Dimension,
            Kinds = [FeatureKind.UnitLoss.ToString(), FeatureKind.UnitMean.ToString()],
            MetricSha256 = null,
            Timesteps = [.. Enumerable.Range(0, Timesteps)],
            Replicates = 1,
            Seed = 0,
            Projection = "sjlt:4096",
            Precision = "f32",
            Computation = FeatureSettings.CurrentComputation,
        };
        var store = FeatureStore.Open(folder, settings, FeatureFormat.F16);
        store.Prepare(null);
        foreach (var shard in Enumerable.Range(0, pictures).Chunk(FeatureBuilder.ShardPictures))
            store.Add([
                .. shard.AsParallel().AsOrdered().Select(i => new StoredPicture(Key(i), $"{i}.png", Features(i))),
            ]);
        return FeatureStore.Open(folder, settings);
    }

    private static FeatureKey Key(int picture) => FeatureKey.Of(picture.ToString(CultureInfo.InvariantCulture), null);

    // Random numbers with a falling spectrum: the number c is small where c is large.
    private static PictureFeatures Features(int picture)
    {
        float[] Row(int stream)
        {
            var values = new float[Dimension];
            new NoiseSource(picture).Normal(new(NoisePurpose.Attribution, stream, 0), values);
            for (var c = 0; c < Dimension; c++)
                values[c] /= 1 + c / 50f;
            return values;
        }

        double[][] numbers =
        [
            [.. Enumerable.Range(1, Timesteps).Select(t => 1.0 / t)],
        ];
        return new()
        {
            Rows = new Dictionary<FeatureKind, float[][]>
            {
                [FeatureKind.UnitLoss] = [Row(0)],
                [FeatureKind.UnitMean] = [Row(1)],
            },
            SquaredErrors = numbers,
            GradientNorms = new Dictionary<string, double[][]> { ["loss"] = numbers, ["mean"] = numbers },
        };
    }

    private sealed class ScratchBuffer(IFeatureBlocks blocks) : IDisposable
    {
        public BlockBuffer Block { get; } = new(blocks);

        public void Dispose() { }
    }
}
