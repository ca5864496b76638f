using System.Runtime.Intrinsics;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Numerics;

/// <summary>A long matrix times one of few columns. Benchmark: <c>gradients</c>, mode <c>logra</c>.</summary>
/// <remarks>
/// libtorch's takes up to fifteen times as long for some lengths (measured on a processor with AVX-512: 5 to 80
/// GFLOP/s). Every row is computed for itself.
/// </remarks>
internal static unsafe class NarrowProduct
{
    private const int Together = 8;

    /// <summary>float32 [N, R]: rows, contiguous float32 [N, C], times matrix, contiguous float32 [C, R].</summary>
    /// <param name="wide">Whether registers have 512 bits; null for what suits. Results are the same.</param>
    public static Tensor Of(Tensor rows, Tensor matrix, bool? wide = null)
    {
        if (rows.device_type != DeviceType.CPU)
            return rows.mm(matrix);
        return wide ?? (Vector512.IsHardwareAccelerated && matrix.shape[1] > UsualLanes.Count)
            ? Of<WideLanes>(rows, matrix)
            : Of<UsualLanes>(rows, matrix);
    }

    private static Tensor Of<T>(Tensor rows, Tensor matrix)
        where T : struct, ILanes<T>
    {
        var count = (int)rows.shape[0];
        var channels = (int)rows.shape[1];
        var columns = (int)matrix.shape[1];
        var product = empty(count, columns);
        var source = NativeFloats.Pointer(rows);
        var factors = NativeFloats.Pointer(matrix);
        var result = NativeFloats.Pointer(product);
        using var packed = new AlignedMemory<float>(channels * T.Count, zeroed: false);
        for (var column = 0; column < columns; column += T.Count)
        {
            var width = Math.Min(T.Count, columns - column);
            Pack(factors + column, columns, width, packed.Start, channels, T.Count);
            for (var row = 0; row < count; row += Together)
                Tile<T>(
                    source + (long)row * channels,
                    packed.Start,
                    channels,
                    Math.Min(Together, count - row),
                    result + (long)row * columns + column,
                    columns,
                    width
                );
        }

        return product;
    }

    // A register of columns, row after row, with zeros where there are no more.
    private static void Pack(float* matrix, int columns, int width, float* packed, int channels, int lanes)
    {
        for (var c = 0; c < channels; c++)
        {
            var target = new Span<float>(packed + c * lanes, lanes);
            target.Clear();
            new Span<float>(matrix + (long)c * columns, width).CopyTo(target);
        }
    }

    private static void Tile<T>(
        float* rows,
        float* matrix,
        int channels,
        int count,
        float* result,
        int columns,
        int width
    )
        where T : struct, ILanes<T>
    {
        // Where eight are not left, the last is computed again and dropped.
        float* Row(int row) => rows + (long)Math.Min(row, count - 1) * channels;
        float* r0 = Row(0),
            r1 = Row(1),
            r2 = Row(2),
            r3 = Row(3),
            r4 = Row(4),
            r5 = Row(5),
            r6 = Row(6),
            r7 = Row(7);
        T a0 = T.Of(0),
            a1 = a0,
            a2 = a0,
            a3 = a0,
            a4 = a0,
            a5 = a0,
            a6 = a0,
            a7 = a0;
        for (var c = 0; c < channels; c++, matrix += T.Count)
        {
            var factor = T.Load(matrix);
            a0 = T.MultiplyAdd(factor, T.Of(r0[c]), a0);
            a1 = T.MultiplyAdd(factor, T.Of(r1[c]), a1);
            a2 = T.MultiplyAdd(factor, T.Of(r2[c]), a2);
            a3 = T.MultiplyAdd(factor, T.Of(r3[c]), a3);
            a4 = T.MultiplyAdd(factor, T.Of(r4[c]), a4);
            a5 = T.MultiplyAdd(factor, T.Of(r5[c]), a5);
            a6 = T.MultiplyAdd(factor, T.Of(r6[c]), a6);
            a7 = T.MultiplyAdd(factor, T.Of(r7[c]), a7);
        }

        var sums = stackalloc float[Together * T.Count];
        a0.Store(sums);
        a1.Store(sums + T.Count);
        a2.Store(sums + 2 * T.Count);
        a3.Store(sums + 3 * T.Count);
        a4.Store(sums + 4 * T.Count);
        a5.Store(sums + 5 * T.Count);
        a6.Store(sums + 6 * T.Count);
        a7.Store(sums + 7 * T.Count);
        for (var row = 0; row < count; row++)
            new Span<float>(sums + row * T.Count, width).CopyTo(new Span<float>(result + (long)row * columns, width));
    }
}
