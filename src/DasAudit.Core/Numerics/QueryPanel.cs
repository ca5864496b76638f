using System.Numerics.Tensors;

namespace DasAudit.Core.Numerics;

/// <summary>Up to 32 queries as <see cref="DotTiles"/> takes them: float32, in whole registers and tiles.</summary>
/// <remarks>Scaled by powers of two to at most 1, and filled up with zeros. Benchmark: <c>scoring</c>.</remarks>
internal sealed unsafe class QueryPanel : IDisposable
{
    /// <summary>Most queries in a panel: as many as stay in a core's second cache beside a block.</summary>
    public const int Most = 32;

    private readonly AlignedMemory<float> _values;

    /// <param name="queries">All queries, k numbers each.</param>
    /// <param name="unit">What stored values must be multiplied with when they are loaded.</param>
    public QueryPanel(ReadOnlySpan<double> queries, int first, int dimension, float unit)
    {
        First = first;
        Dimension = dimension;
        Count = Math.Min(Most, queries.Length / dimension - first);
        PaddedCount = Units.RoundUp(Count, DotTiles.Side);
        PaddedDimension = Units.RoundUp(dimension, DotTiles.Lanes);
        IsSingle = Count == 1 && PaddedDimension == dimension;
        _values = new((IsSingle ? 1L : PaddedCount) * Units.RoundUp(dimension, DotTiles.Chunk), zeroed: true);
        Scales = new double[Count];
        for (var q = 0; q < Count; q++)
        {
            var query = queries.Slice((first + q) * dimension, dimension);
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude(query));
            Scales[q] = largest > 0 && double.IsFinite(largest) ? Math.ScaleB(1, Math.ILogB(largest) + 1) : 1;
            for (var c = 0; c < dimension; c++)
                Chunk(c)[Place(q, c % DotTiles.Chunk)] = (float)(query[c] / Scales[q]) * unit;
        }
    }

    public int First { get; }

    public int Count { get; }

    /// <summary>Number with those that are zeros: a multiple of 4.</summary>
    public int PaddedCount { get; }

    public int Dimension { get; }

    /// <summary>k, filled up to a multiple of 16.</summary>
    public int PaddedDimension { get; }

    /// <summary>Whether it is one query that needed no filling up: its numbers then follow each other.</summary>
    public bool IsSingle { get; }

    /// <summary>What products must still be multiplied with.</summary>
    public double[] Scales { get; }

    /// <summary>The chunk of a number, a few numbers of each query, four queries by turns.</summary>
    public float* Chunk(int number) =>
        _values.Start + (long)(number / DotTiles.Chunk) * DotTiles.Chunk * (IsSingle ? 1 : PaddedCount);

    public void Dispose() => _values.Dispose();

    private int Place(int query, int number)
    {
        if (IsSingle)
            return number;
        var tile = query / DotTiles.Side * DotTiles.Side * DotTiles.Chunk;
        var register = number / DotTiles.Lanes * DotTiles.Side + query % DotTiles.Side;
        return tile + register * DotTiles.Lanes + number % DotTiles.Lanes;
    }
}
