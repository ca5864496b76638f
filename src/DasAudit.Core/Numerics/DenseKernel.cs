using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>A block of entries times rows of gradients; the sums stay in registers.</summary>
/// <remarks>Benchmark: <c>projections</c>, kinds <c>rademacher</c> and <c>gaussian</c>.</remarks>
internal static unsafe class DenseKernel
{
    /// <summary>Rows that are taken together.</summary>
    public const int Rows = 4;

    private const int Side = IMatrixEntries.Side;

    /// <summary>products [rows, Side] = gradientsᵀ·entries, gradients [Side, rows], entries [Side, Side].</summary>
    /// <param name="rows">1, or a multiple of <see cref="Rows"/>.</param>
    public static void Multiply(float* gradients, int rows, float* entries, float* products)
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<WideLanes>(gradients, rows, entries, products);
        else
            Multiply<UsualLanes>(gradients, rows, entries, products);
    }

    private static void Multiply<T>(float* gradients, int rows, float* entries, float* products)
        where T : struct, ILanes<T>
    {
        if (rows == 1)
        {
            for (var c = 0; c < Side; c += 4 * T.Count)
                One<T>(gradients, entries + c, products + c);
            return;
        }

        for (var row = 0; row < rows; row += Rows)
        for (var c = 0; c < Side; c += 2 * T.Count)
            Four<T>(gradients + row, rows, entries + c, products + row * Side + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(float* gradient, float* entries, float* products)
        where T : struct, ILanes<T>
    {
        T a = T.Of(0),
            b = a,
            c = a,
            d = a;
        for (var j = 0; j < Side; j++)
        {
            var value = T.Of(gradient[j]);
            a = T.MultiplyAdd(T.Load(entries), value, a);
            b = T.MultiplyAdd(T.Load(entries + T.Count), value, b);
            c = T.MultiplyAdd(T.Load(entries + 2 * T.Count), value, c);
            d = T.MultiplyAdd(T.Load(entries + 3 * T.Count), value, d);
            entries += Side;
        }

        a.Store(products);
        b.Store(products + T.Count);
        c.Store(products + 2 * T.Count);
        d.Store(products + 3 * T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<T>(float* gradients, int rows, float* entries, float* products)
        where T : struct, ILanes<T>
    {
        T a0 = T.Of(0),
            a1 = a0,
            b0 = a0,
            b1 = a0,
            c0 = a0,
            c1 = a0,
            d0 = a0,
            d1 = a0;
        for (var j = 0; j < Side; j++)
        {
            var (x, y) = (T.Load(entries), T.Load(entries + T.Count));
            var value = T.Of(gradients[0]);
            a0 = T.MultiplyAdd(x, value, a0);
            a1 = T.MultiplyAdd(y, value, a1);
            value = T.Of(gradients[1]);
            b0 = T.MultiplyAdd(x, value, b0);
            b1 = T.MultiplyAdd(y, value, b1);
            value = T.Of(gradients[2]);
            c0 = T.MultiplyAdd(x, value, c0);
            c1 = T.MultiplyAdd(y, value, c1);
            value = T.Of(gradients[3]);
            d0 = T.MultiplyAdd(x, value, d0);
            d1 = T.MultiplyAdd(y, value, d1);
            entries += Side;
            gradients += rows;
        }

        Write(products, a0, a1);
        Write(products + Side, b0, b1);
        Write(products + 2 * Side, c0, c1);
        Write(products + 3 * Side, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(float* products, T first, T second)
        where T : struct, ILanes<T>
    {
        first.Store(products);
        second.Store(products + T.Count);
    }
}
