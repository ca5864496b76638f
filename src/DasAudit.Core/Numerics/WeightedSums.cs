using System.Buffers;
using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Numerics;

/// <summary>Weighted sums over samples of stored gradients, by parts that stay in the first cache.</summary>
/// <remarks>Benchmark: <c>gradients</c>.</remarks>
internal static unsafe class WeightedSums
{
    private const int Part = 4096;

    /// <summary>Adds Σ_b w_b·g_b to a sum that lies as [O, C, k]; skips samples of weight zero.</summary>
    /// <param name="values">g, contiguous float32 [B, O, k, C] on the CPU; where k = 1, [B, …] of any shape.</param>
    public static void Add(Tensor values, int kernelLength, ReadOnlySpan<float> weights, Span<float> sum)
    {
        var start = NativeFloats.Pointer(values);
        // Whole kernels of one output channel.
        var kernel = kernelLength == 1 ? 1 : sum.Length / (int)values.shape[1];
        var length = Math.Max(1, Part / kernel) * kernel;
        var rented = ArrayPool<float>.Shared.Rent(length);
        for (var first = 0; first < sum.Length; first += length)
        {
            var part = sum.Slice(first, Math.Min(length, sum.Length - first));
            if (kernelLength == 1)
            {
                AddPart(start, first, weights, part, sum.Length);
                continue;
            }

            var total = rented.AsSpan(0, part.Length);
            total.Clear();
            AddPart(start, first, weights, total, sum.Length);
            AddTransposed(total, part, kernel, kernelLength);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static void AddPart(float* start, int first, ReadOnlySpan<float> weights, Span<float> part, int rowLength)
    {
        for (var b = 0; b < weights.Length; b++)
        {
            if (weights[b] == 0)
                continue;
            var values = NativeFloats.Row(start, b, rowLength).Slice(first, part.Length);
            TensorPrimitives.MultiplyAdd(values, weights[b], part, part);
        }
    }

    // Adds values that lie as [O, k, C] to a sum that lies as [O, C, k]; a kernel is k·C long.
    private static void AddTransposed(ReadOnlySpan<float> values, Span<float> sum, int kernel, int kernelLength)
    {
        var channels = kernel / kernelLength;
        fixed (float* from = values)
        fixed (float* to = sum)
        {
            for (var row = 0; row < values.Length; row += kernel)
            {
                for (var k = 0; k < kernelLength; k++)
                {
                    var source = from + row + k * channels;
                    var target = to + row + k;
                    for (var end = source + channels; source < end; source++, target += kernelLength)
                        *target += *source;
                }
            }
        }
    }
}
