using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DasAudit.Core.Numerics;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// Up to 32 queries as the tiles want them: float32, scaled by powers of two to at most 1, filled up with zeros to
/// whole registers and tiles.
/// </summary>
internal sealed unsafe class QueryPanel : IDisposable
{
    /// <summary>Most queries in a panel: as many as stay in a core's second cache beside a block.</summary>
    public const int Most = 32;

    private readonly bool _one;
    private float* _values;

    /// <summary>Takes some queries.</summary>
    /// <param name="queries">All of them, k numbers each.</param>
    /// <param name="first">The first of the panel.</param>
    /// <param name="k">k.</param>
    /// <param name="unit">What stored values must be multiplied with when they are loaded.</param>
    public QueryPanel(ReadOnlySpan<double> queries, int first, int k, float unit)
    {
        First = first;
        Count = Math.Min(Most, queries.Length / k - first);
        Padded = Whole(Count, DotTiles.Side);
        Length = Whole(k, DotTiles.Lanes);
        _one = Count == 1 && Length == k;
        var bytes = (nuint)(_one ? 1 : Padded) * (nuint)Whole(k, DotTiles.Chunk) * sizeof(float);
        _values = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_values, bytes);
        Scales = new double[Count];
        for (var q = 0; q < Count; q++)
        {
            var query = queries.Slice((first + q) * k, k);
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude(query));
            Scales[q] = largest > 0 && double.IsFinite(largest) ? Math.ScaleB(1, Math.ILogB(largest) + 1) : 1;
            for (var c = 0; c < k; c++)
                Chunk(c)[Place(q, c % DotTiles.Chunk)] = (float)(query[c] / Scales[q]) * unit;
        }
    }

    /// <summary>The first query.</summary>
    public int First { get; }

    /// <summary>Number of queries.</summary>
    public int Count { get; }

    /// <summary>Number with those that are zeros: a multiple of 4.</summary>
    public int Padded { get; }

    /// <summary>k, filled up to a multiple of 16.</summary>
    public int Length { get; }

    /// <summary>Whether it is one query that needed no filling up: its numbers then follow each other.</summary>
    public bool IsOne => _one;

    /// <summary>What products must still be multiplied with.</summary>
    public double[] Scales { get; }

    /// <summary>
    /// The chunk that a number is in: <see cref="DotTiles.Chunk"/> numbers of each query, four queries after the other
    /// as <see cref="DotTiles.Add"/> wants them.
    /// </summary>
    public float* Chunk(int number) => _values + (long)(number / DotTiles.Chunk) * DotTiles.Chunk * (_one ? 1 : Padded);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_values);
        _values = null;
    }

    private int Place(int query, int number) =>
        _one
            ? number
            : query / DotTiles.Side * DotTiles.Side * DotTiles.Chunk
                + (number / DotTiles.Lanes * DotTiles.Side + query % DotTiles.Side) * DotTiles.Lanes
                + number % DotTiles.Lanes;

    private static int Whole(int number, int unit) => (number + unit - 1) / unit * unit;
}
