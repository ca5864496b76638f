using System.Runtime.CompilerServices;

namespace DasAudit.Core.Numerics;

/// <summary><see cref="PatchKernel"/>'s innermost loops over a block's positions; sums stay in registers.</summary>
/// <remarks>Four values meet a register of each of three streams of channels. Benchmark: <c>gradients</c>.</remarks>
internal static unsafe class TileKernel
{
    public const int Outputs = 4;

    public const int Streams = 3;

    /// <summary>Computes the twelve sums; <c>step</c>, <c>rowStep</c> and <c>stride</c> count numbers.</summary>
    /// <param name="values">Four values a position, rows after each other.</param>
    /// <param name="result">Where the sums of each stream go: a register for each of the four values.</param>
    /// <param name="add">Whether sums are added to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        in PointerTriple source,
        int step,
        int rowStep,
        float* values,
        int rows,
        int columns,
        in PointerTriple result,
        int stride,
        bool add
    )
        where T : struct, ILanes<T>
    {
        T a0 = T.Of(0),
            a1 = a0,
            a2 = a0,
            b0 = a0,
            b1 = a0,
            b2 = a0,
            c0 = a0,
            c1 = a0,
            c2 = a0,
            d0 = a0,
            d1 = a0,
            d2 = a0;
        for (var row = 0; row < rows; row++)
        {
            var first = source.First + row * rowStep;
            var second = source.Second + row * rowStep;
            var third = source.Third + row * rowStep;
            for (var end = values + Outputs * columns; values < end; values += Outputs)
            {
                var (x, y, z) = (T.Load(first), T.Load(second), T.Load(third));
                var value = T.Of(values[0]);
                a0 = T.MultiplyAdd(x, value, a0);
                a1 = T.MultiplyAdd(y, value, a1);
                a2 = T.MultiplyAdd(z, value, a2);
                value = T.Of(values[1]);
                b0 = T.MultiplyAdd(x, value, b0);
                b1 = T.MultiplyAdd(y, value, b1);
                b2 = T.MultiplyAdd(z, value, b2);
                value = T.Of(values[2]);
                c0 = T.MultiplyAdd(x, value, c0);
                c1 = T.MultiplyAdd(y, value, c1);
                c2 = T.MultiplyAdd(z, value, c2);
                value = T.Of(values[3]);
                d0 = T.MultiplyAdd(x, value, d0);
                d1 = T.MultiplyAdd(y, value, d1);
                d2 = T.MultiplyAdd(z, value, d2);
                first += step;
                second += step;
                third += step;
            }
        }

        Write(result.First, stride, add, a0, b0, c0, d0);
        Write(result.Second, stride, add, a1, b1, c1, d1);
        Write(result.Third, stride, add, a2, b2, c2, d2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(float* to, int stride, bool add, T a, T b, T c, T d)
        where T : struct, ILanes<T>
    {
        if (add)
        {
            var one = T.Of(1);
            (a, b) = (T.MultiplyAdd(a, one, T.Load(to)), T.MultiplyAdd(b, one, T.Load(to + stride)));
            (c, d) = (T.MultiplyAdd(c, one, T.Load(to + 2 * stride)), T.MultiplyAdd(d, one, T.Load(to + 3 * stride)));
        }

        a.Store(to);
        b.Store(to + stride);
        c.Store(to + 2 * stride);
        d.Store(to + 3 * stride);
    }
}
