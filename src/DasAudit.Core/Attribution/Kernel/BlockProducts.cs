using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DasAudit.Core.Features;
using DasAudit.Core.Numerics;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// A·Φᵀ of rows A with features that are read block by block, each once for all rows of A: sums in float32, as exact as
/// one float32 dot product (about 1e-7 of ‖a‖·‖φ‖). One thread a worker; the numbers do not depend on how many workers,
/// blocks or rows of A there are.
/// </summary>
internal static unsafe class BlockProducts
{
    private const int Chunk = DotTiles.Chunk;

    // Rows that are worked on together, so that queries are fetched from the second cache half as often.
    private const int Panel = 2 * DotTiles.Side;

    /// <summary>Multiplies.</summary>
    /// <param name="rows">A, row after row.</param>
    /// <param name="features">Φ.</param>
    /// <param name="workers">Number of threads, at least 1.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>A·Φᵀ [m, n], row after row.</returns>
    /// <exception cref="Abstractions.AuditException">A block cannot be read.</exception>
    public static double[] Of(
        ReadOnlySpan<double> rows,
        IFeatureBlocks features,
        int workers,
        CancellationToken cancellation
    )
    {
        var products = new double[checked(rows.Length / features.Dimension * features.Count)];
        Write(rows, features, products, workers, cancellation);
        return products;
    }

    /// <summary>Multiplies into memory that is there.</summary>
    /// <param name="rows">A, row after row.</param>
    /// <param name="features">Φ.</param>
    /// <param name="products">Filled with A·Φᵀ [m, n], row after row.</param>
    /// <param name="workers">Number of threads, at least 1.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="Abstractions.AuditException">A block cannot be read.</exception>
    public static void Write(
        ReadOnlySpan<double> rows,
        IFeatureBlocks features,
        double[] products,
        int workers,
        CancellationToken cancellation
    )
    {
        var n = features.Count;
        var k = features.Dimension;
        if (rows.Length % k != 0)
            throw new ArgumentException($"{rows.Length} numbers are no rows of {k}.", nameof(rows));
        var m = rows.Length / k;
        if (products.Length != (long)m * n)
            throw new ArgumentException($"{products.Length} numbers do not hold {m} rows of {n}.", nameof(products));
        var panels = new List<QueryPanel>();
        try
        {
            for (var first = 0; first < m; first += QueryPanel.Most)
                panels.Add(new(rows, first, k, features.Half ? HalfLanes.Unit : 1));
            Workers.Run(
                () => new Scratch(features),
                workers,
                features.Blocks,
                (scratch, block) =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    scratch.Buffer.Read(block);
                    foreach (var panel in panels)
                    {
                        if (features.Half)
                            Multiply<HalfLanes>(scratch, panel, products, n, k);
                        else
                            Multiply<SingleLanes>(scratch, panel, products, n, k);
                    }
                }
            );
        }
        finally
        {
            panels.ForEach(panel => panel.Dispose());
        }
    }

    private static void Multiply<T>(Scratch scratch, QueryPanel panel, double[] products, int n, int k)
        where T : struct, IFeatureLanes
    {
        fixed (byte* values = scratch.Buffer.Values)
        fixed (double* to = products)
        {
            if (panel.IsOne)
                One<T>(scratch, panel, values, to + (long)panel.First * n, k);
            else
                Several<T>(scratch, panel, values, to + (long)panel.First * n, n, k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(Scratch scratch, QueryPanel panel, byte* values, double* products, int k)
        where T : struct, IFeatureLanes
    {
        var buffer = scratch.Buffer;
        nint rowBytes = k * T.Size;
        var eight = stackalloc float[DotTiles.Streams];
        for (var r = 0; r < buffer.Rows; r += DotTiles.Streams)
        {
            // The last rows are read again with those before them; a block of fewer than eight meets the first row
            // eight times.
            var few = buffer.Rows < DotTiles.Streams;
            var first = few ? r : Math.Min(r, buffer.Rows - DotTiles.Streams);
            for (var row = first; row < (few ? buffer.Rows : first + 1); row++)
            {
                DotTiles.Products<T>(values + row * rowBytes, few ? 0 : rowBytes, panel.Chunk(0), panel.Length, eight);
                for (var i = 0; i < (few ? 1 : DotTiles.Streams); i++)
                    products[buffer.First + row + i] = (double)eight[i] * buffer.Scales[row + i] * panel.Scales[0];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Several<T>(Scratch scratch, QueryPanel panel, byte* values, double* products, int n, int k)
        where T : struct, IFeatureLanes
    {
        var buffer = scratch.Buffer;
        var rows = scratch.Rows;
        var sums = scratch.Sums;
        var scales = buffer.Scales;
        var sumStride = panel.Padded * DotTiles.Lanes;
        for (var first = 0; first < buffer.Rows; first += Panel)
        {
            var count = Math.Min(Panel, buffer.Rows - first);
            new Span<float>(sums, Panel * sumStride).Clear();
            for (var start = 0; start < panel.Length; start += Chunk)
            {
                var length = Math.Min(Chunk, panel.Length - start);
                for (var r = 0; r < count; r++)
                    Convert<T>(
                        values + ((long)(first + r) * k + start) * T.Size,
                        Math.Min(length, k - start),
                        rows + r / DotTiles.Side * DotTiles.Side * Chunk + r % DotTiles.Side * DotTiles.Lanes,
                        length
                    );
                for (var q = 0; q < panel.Padded; q += DotTiles.Side)
                {
                    for (var r = 0; r < count; r += DotTiles.Side)
                        DotTiles.Add(
                            rows + r * Chunk,
                            panel.Chunk(start) + q * Chunk,
                            length,
                            sums + r * sumStride + q * DotTiles.Lanes,
                            sumStride
                        );
                }
            }

            for (var q = 0; q < panel.Count; q++)
            {
                var to = products + (long)q * n + buffer.First + first;
                for (var r = 0; r < count; r++)
                    to[r] =
                        (double)DotTiles.Sum(Vector512.Load(sums + r * sumStride + q * DotTiles.Lanes))
                        * scales[first + r]
                        * panel.Scales[q];
            }
        }
    }

    // Beyond its end a row goes on with zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<T>(byte* from, int count, float* to, int length)
        where T : struct, IFeatureLanes
    {
        const int Step = DotTiles.Side;
        var whole = count / DotTiles.Lanes * DotTiles.Lanes;
        for (var c = 0; c < whole; c += DotTiles.Lanes)
            T.Load(from + (nint)c * T.Size).Store(to + c * Step);
        if (whole == length)
            return;
        T.Load(from + (nint)whole * T.Size).Store(to + whole * Step);
        new Span<float>(to + whole * Step + (count - whole), length - count).Clear();
    }

    /// <summary>What a worker works with.</summary>
    private sealed class Scratch(IFeatureBlocks features) : IDisposable
    {
        public BlockBuffer Buffer { get; } = new(features);

        public float* Rows { get; } = Allocate(Panel * Chunk);

        public float* Sums { get; } = Allocate(Panel * QueryPanel.Most * DotTiles.Lanes);

        public void Dispose()
        {
            NativeMemory.AlignedFree(Rows);
            NativeMemory.AlignedFree(Sums);
        }

        private static float* Allocate(int numbers)
        {
            var memory = (float*)NativeMemory.AlignedAlloc((nuint)numbers * sizeof(float), 64);
            new Span<float>(memory, numbers).Clear();
            return memory;
        }
    }
}
