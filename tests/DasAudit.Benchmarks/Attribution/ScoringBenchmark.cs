using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Numerics;
using DasAudit.Core.Torch;

namespace DasAudit.Benchmarks.Attribution;

/// <summary>
/// Scores of queries against 100,000 stored features of k = 4096 in float16 beside reading them: the same blocks of the
/// same file into the same kind of buffer, by as many threads, from the operating system's cache; scores go into memory
/// that is there. CPU time tells the share of reading also where the machine is shared. The last lines are two ways to
/// turn float16 into float32, of numbers in the cache, on one thread.
/// </summary>
internal static unsafe class ScoringBenchmark
{
    private const int Pictures = 100_000;
    private const int Dimension = 4096;

    public static void Run(bool json)
    {
        using var blocks = new FileBlocks(Pictures, Dimension);
        var workers = Environment.ProcessorCount;
        int[] queries = [1, 4, 32];
        var rows = queries.Select(count => Queries(count)).ToArray();
        var products = queries.ToDictionary(count => count, count => new double[count * Pictures]);
        var times = Rounds.Time(
            7,
            [() => Read(blocks, workers), .. rows.Select(numbers => (Action)(() => Score(numbers)))]
        );
        foreach (var (i, (cpu, wall)) in times.Index())
        {
            var result = new ScoringResult(
                i == 0 ? "read" : "score",
                i == 0 ? 0 : queries[i - 1],
                workers,
                Math.Round(cpu, 4),
                Math.Round(wall, 4),
                Math.Round(blocks.Bytes / wall / 1e9, 2),
                Math.Round(times[0].Cpu / cpu, 3),
                Math.Round(cpu / times[1].Cpu, 3)
            );
            Write(json, result);
        }

        Half[] half = [.. rows[^1].Select(value => (Half)value)];
        var single = new float[half.Length];
        const int Times = 2000;
        var conversion = Rounds.Time(
            5,
            () => Repeat(Times, () => TensorPrimitives.ConvertToSingle(half, single)),
            () => Repeat(Times, () => Load(half, single))
        );
        string[] conversions = ["convert by TensorPrimitives", "convert by moving bits"];
        foreach (var (what, (cpu, wall)) in conversions.Zip(conversion))
        {
            var speed = Math.Round((double)half.Length * sizeof(short) * Times / cpu / 1e9, 2);
            Write(json, new(what, 0, 1, Math.Round(cpu, 4), Math.Round(wall, 4), speed, null, null));
        }

        void Score(double[] numbers)
        {
            var results = products[numbers.Length / Dimension];
            BlockProducts.Write(numbers, blocks, results, workers, CancellationToken.None);
        }
    }

    private static void Write(bool json, ScoringResult result) =>
        Output.Write(
            json,
            result,
            $"{result.What, -28} {result.Queries, 3} {result.CpuSeconds, 8:F4} s CPU {result.WallSeconds, 8:F4} s",
            $"{result.GigabytesPerSecond, 7:F2} GB/s {result.ShareOfReading, 6:F3} {result.RatioToOne, 6:F2}"
        );

    private static double[] Queries(int count)
    {
        var values = new float[count * Dimension];
        new NoiseSource(2).Normal(new(NoisePurpose.Attribution, 0, 0), values);
        return [.. values.Select(value => (double)value)];
    }

    private static void Read(FileBlocks blocks, int workers) =>
        Workers.Run(() => new Buffer(blocks), workers, blocks.Blocks, (buffer, block) => buffer.Block.Read(block));

    private static void Repeat(int times, Action run)
    {
        for (var i = 0; i < times; i++)
            run();
    }

    private static void Load(Half[] half, float[] single)
    {
        fixed (Half* from = half)
        fixed (float* to = single)
        {
            for (var c = 0; c < half.Length; c += DotTiles.Lanes)
                HalfLanes.Load((byte*)(from + c)).Store(to + c);
        }
    }

    private sealed class Buffer(FileBlocks blocks) : IDisposable
    {
        public BlockBuffer Block { get; } = new(blocks);

        public void Dispose() { }
    }
}

/// <summary>One line of the result.</summary>
/// <param name="What">What was done.</param>
/// <param name="Queries">How many queries at once.</param>
/// <param name="Workers">Threads.</param>
/// <param name="CpuSeconds">CPU seconds of all threads.</param>
/// <param name="WallSeconds">Seconds by the clock.</param>
/// <param name="GigabytesPerSecond">Stored features read in a second by the clock, or of CPU time.</param>
/// <param name="ShareOfReading">CPU time of reading alone, as a part of this.</param>
/// <param name="RatioToOne">CPU time as a multiple of that of one query.</param>
internal sealed record ScoringResult(
    string What,
    int Queries,
    int Workers,
    double CpuSeconds,
    double WallSeconds,
    double GigabytesPerSecond,
    double? ShareOfReading,
    double? RatioToOne
);
