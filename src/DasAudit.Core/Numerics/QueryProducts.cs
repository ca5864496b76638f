using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>Products of a block of stored rows with a panel of queries. Not thread-safe.</summary>
/// <remarks>Benchmark: <c>scoring</c>.</remarks>
internal sealed unsafe class QueryProducts : IDisposable
{
    private const int Chunk = DotTiles.Chunk;

    // Rows that are worked on together, so that queries are fetched from the second cache half as often.
    private const int RowPanel = 2 * DotTiles.Side;

    private readonly AlignedMemory<float> _rows = new(RowPanel * Chunk, zeroed: true);
    private readonly AlignedMemory<float> _sums = new(RowPanel * QueryPanel.Most * DotTiles.Lanes, zeroed: true);

    /// <summary>Fills a row of products for each query; the rows lie <c>stride</c> apart.</summary>
    /// <param name="values">The rows, and room beyond them that vector loads may touch.</param>
    public void Multiply<T>(
        ReadOnlySpan<byte> values,
        ReadOnlySpan<float> scales,
        QueryPanel queries,
        Span<double> products,
        int stride
    )
        where T : struct, IFeatureLanes
    {
        fixed (byte* from = values)
        fixed (double* to = products)
        {
            if (queries.IsSingle)
                MultiplySingle<T>(from, scales, queries, to);
            else
                MultiplySeveral<T>(from, scales, queries, to, stride);
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _sums.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplySingle<T>(
        byte* values,
        ReadOnlySpan<float> scales,
        QueryPanel queries,
        double* products
    )
        where T : struct, IFeatureLanes
    {
        nint rowBytes = queries.Dimension * T.Size;
        var eight = stackalloc float[DotTiles.Streams];
        for (var r = 0; r < scales.Length; r += DotTiles.Streams)
        {
            // The last rows are read again with those before; a block of fewer than eight takes a row eight times.
            var few = scales.Length < DotTiles.Streams;
            var first = few ? r : Math.Min(r, scales.Length - DotTiles.Streams);
            for (var row = first; row < (few ? scales.Length : first + 1); row++)
            {
                var stride = few ? 0 : rowBytes;
                DotTiles.Products<T>(values + row * rowBytes, stride, queries.Chunk(0), queries.PaddedDimension, eight);
                for (var i = 0; i < (few ? 1 : DotTiles.Streams); i++)
                    products[row + i] = (double)eight[i] * scales[row + i] * queries.Scales[0];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplySeveral<T>(
        byte* values,
        ReadOnlySpan<float> scales,
        QueryPanel queries,
        double* products,
        int stride
    )
        where T : struct, IFeatureLanes
    {
        var rows = _rows.Start;
        var sums = _sums.Start;
        var sumStride = queries.PaddedCount * DotTiles.Lanes;
        for (var first = 0; first < scales.Length; first += RowPanel)
        {
            var count = Math.Min(RowPanel, scales.Length - first);
            new Span<float>(sums, RowPanel * sumStride).Clear();
            for (var start = 0; start < queries.PaddedDimension; start += Chunk)
            {
                var length = Math.Min(Chunk, queries.PaddedDimension - start);
                for (var r = 0; r < count; r++)
                    Convert<T>(
                        values + ((long)(first + r) * queries.Dimension + start) * T.Size,
                        Math.Min(length, queries.Dimension - start),
                        rows + r / DotTiles.Side * DotTiles.Side * Chunk + r % DotTiles.Side * DotTiles.Lanes,
                        length
                    );
                for (var q = 0; q < queries.PaddedCount; q += DotTiles.Side)
                {
                    for (var r = 0; r < count; r += DotTiles.Side)
                        DotTiles.Add(
                            rows + r * Chunk,
                            queries.Chunk(start) + q * Chunk,
                            length,
                            sums + r * sumStride + q * DotTiles.Lanes,
                            sumStride
                        );
                }
            }

            for (var q = 0; q < queries.Count; q++)
            {
                var to = products + (long)q * stride + first;
                for (var r = 0; r < count; r++)
                {
                    var lanes = Vector512.Load(sums + r * sumStride + q * DotTiles.Lanes);
                    to[r] = (double)DotTiles.Sum(lanes) * scales[first + r] * queries.Scales[q];
                }
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
}
