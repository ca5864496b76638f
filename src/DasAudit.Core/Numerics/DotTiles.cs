using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>
/// The innermost loops of <see cref="QueryProducts"/>, stored rows times queries: sixteen partial sums each, lane l of
/// the numbers l, l + 16, l + 32 …, added in this order whatever the number of rows and queries at a time. So a score
/// has the same bits in any company. Benchmark: <c>scoring</c>.
/// </summary>
internal static unsafe class DotTiles
{
    public const int Lanes = 16;

    /// <summary>Numbers of a row and a query at a time, so that a tile and its sums lie in the first cache.</summary>
    public const int Chunk = 512;

    /// <summary>Rows and queries of a tile.</summary>
    public const int Side = 4;

    /// <summary>Rows that meet one query: as many sums as two multipliers of latency 4 keep in flight.</summary>
    public const int Streams = 8;

    /// <summary>Adds to the 4 × 4 sums of four rows with four queries.</summary>
    /// <param name="rows">Four, as queries: sixteen numbers of each after the other, then the next sixteen.</param>
    /// <param name="length">How many numbers; a multiple of 16, at most <see cref="Chunk"/>.</param>
    /// <param name="sums">The sums of row i with query j at [i, j], sixteen numbers each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* rows, float* queries, int length, float* sums, int sumStride)
    {
        float* s0 = sums,
            s1 = s0 + sumStride,
            s2 = s1 + sumStride,
            s3 = s2 + sumStride;
        var a0 = Vector512.Load(s0);
        var a1 = Vector512.Load(s0 + Lanes);
        var a2 = Vector512.Load(s0 + 2 * Lanes);
        var a3 = Vector512.Load(s0 + 3 * Lanes);
        var b0 = Vector512.Load(s1);
        var b1 = Vector512.Load(s1 + Lanes);
        var b2 = Vector512.Load(s1 + 2 * Lanes);
        var b3 = Vector512.Load(s1 + 3 * Lanes);
        var c0 = Vector512.Load(s2);
        var c1 = Vector512.Load(s2 + Lanes);
        var c2 = Vector512.Load(s2 + 2 * Lanes);
        var c3 = Vector512.Load(s2 + 3 * Lanes);
        var d0 = Vector512.Load(s3);
        var d1 = Vector512.Load(s3 + Lanes);
        var d2 = Vector512.Load(s3 + 2 * Lanes);
        var d3 = Vector512.Load(s3 + 3 * Lanes);
        for (var end = rows + length * Side; rows < end; rows += Side * Lanes, queries += Side * Lanes)
        {
            var (q0, q1) = (Vector512.Load(queries), Vector512.Load(queries + Lanes));
            var (q2, q3) = (Vector512.Load(queries + 2 * Lanes), Vector512.Load(queries + 3 * Lanes));
            var row = Vector512.Load(rows);
            a0 = Vector512.FusedMultiplyAdd(row, q0, a0);
            a1 = Vector512.FusedMultiplyAdd(row, q1, a1);
            a2 = Vector512.FusedMultiplyAdd(row, q2, a2);
            a3 = Vector512.FusedMultiplyAdd(row, q3, a3);
            row = Vector512.Load(rows + Lanes);
            b0 = Vector512.FusedMultiplyAdd(row, q0, b0);
            b1 = Vector512.FusedMultiplyAdd(row, q1, b1);
            b2 = Vector512.FusedMultiplyAdd(row, q2, b2);
            b3 = Vector512.FusedMultiplyAdd(row, q3, b3);
            row = Vector512.Load(rows + 2 * Lanes);
            c0 = Vector512.FusedMultiplyAdd(row, q0, c0);
            c1 = Vector512.FusedMultiplyAdd(row, q1, c1);
            c2 = Vector512.FusedMultiplyAdd(row, q2, c2);
            c3 = Vector512.FusedMultiplyAdd(row, q3, c3);
            row = Vector512.Load(rows + 3 * Lanes);
            d0 = Vector512.FusedMultiplyAdd(row, q0, d0);
            d1 = Vector512.FusedMultiplyAdd(row, q1, d1);
            d2 = Vector512.FusedMultiplyAdd(row, q2, d2);
            d3 = Vector512.FusedMultiplyAdd(row, q3, d3);
        }

        Store(s0, a0, a1, a2, a3);
        Store(s1, b0, b1, b2, b3);
        Store(s2, c0, c1, c2, c3);
        Store(s3, d0, d1, d2, d3);
    }

    /// <summary>The products of eight stored rows with one query.</summary>
    /// <param name="length">How many numbers; a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Products<T>(byte* rows, nint rowBytes, float* query, int length, float* products)
        where T : struct, IFeatureLanes
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (e, f, g, h) = (a, a, a, a);
        var second = rows + 4 * rowBytes;
        for (var end = query + length; query < end; query += Lanes, rows += Lanes * T.Size, second += Lanes * T.Size)
        {
            var q = Vector512.Load(query);
            a = Vector512.FusedMultiplyAdd(T.Load(rows), q, a);
            b = Vector512.FusedMultiplyAdd(T.Load(rows + rowBytes), q, b);
            c = Vector512.FusedMultiplyAdd(T.Load(rows + 2 * rowBytes), q, c);
            d = Vector512.FusedMultiplyAdd(T.Load(rows + 3 * rowBytes), q, d);
            e = Vector512.FusedMultiplyAdd(T.Load(second), q, e);
            f = Vector512.FusedMultiplyAdd(T.Load(second + rowBytes), q, f);
            g = Vector512.FusedMultiplyAdd(T.Load(second + 2 * rowBytes), q, g);
            h = Vector512.FusedMultiplyAdd(T.Load(second + 3 * rowBytes), q, h);
        }

        (products[0], products[1], products[2], products[3]) = (Sum(a), Sum(b), Sum(c), Sum(d));
        (products[4], products[5], products[6], products[7]) = (Sum(e), Sum(f), Sum(g), Sum(h));
    }

    /// <summary>The sum of sixteen partial sums, by halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes)
    {
        var eight = lanes.GetLower() + lanes.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.Store(to);
        b.Store(to + Lanes);
        c.Store(to + 2 * Lanes);
        d.Store(to + 3 * Lanes);
    }
}
