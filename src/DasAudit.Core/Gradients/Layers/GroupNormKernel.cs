using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// The gradients of group normalisation in one pass over (δ, a) after two over a, while a sample is in the cache: as tensor operations they
/// cost more than ten times as much.
/// </summary>
internal static class GroupNormKernel
{
    /// <summary>Gradients of scale γ and shift β.</summary>
    /// <param name="values">a, contiguous float32 [B, L, C] on the CPU.</param>
    /// <param name="deltas">δ of each output function, likewise.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <returns>For each output function two tensors [B, C].</returns>
    public static (Tensor Scale, Tensor Shift)[] Gradients(Tensor values, Tensor[] deltas, int groups, double eps)
    {
        var (batch, channels) = ((int)values.shape[0], (int)values.shape[2]);
        var results = deltas.Select(_ => (Scale: new float[batch * channels], Shift: new float[batch * channels])).ToArray();
        var (sums, means, deviations) = (new ChannelSums(channels), new float[channels], new double[channels]);
        for (var b = 0; b < batch; b++)
        {
            var a = Sample(values, b);
            Moments(a, sums, groups, eps, means, deviations);
            for (var f = 0; f < deltas.Length; f++)
            {
                sums.Compute(Sample(deltas[f], b), a, means);
                for (var c = 0; c < channels; c++)
                {
                    results[f].Scale[b * channels + c] = (float)(sums.Second[c] / deviations[c]);
                    results[f].Shift[b * channels + c] = (float)sums.First[c];
                }
            }
        }

        return [.. results.Select(r => (tensor(r.Scale, [batch, channels]), tensor(r.Shift, [batch, channels])))];
    }

    // μ and σ of each channel's group. The mean is taken first, because E[a²] − μ² cancels.
    private static void Moments(ReadOnlySpan<float> a, ChannelSums sums, int groups, double eps, float[] means, double[] deviations)
    {
        var (size, count) = (means.Length / groups, (double)a.Length / groups);
        Array.Clear(means);
        sums.Compute(a, a, means);
        for (var c = 0; c < means.Length; c += size) means.AsSpan(c, size).Fill((float)(Sum(sums.First.AsSpan(c, size)) / count));
        sums.Compute(a, a, means);
        for (var c = 0; c < means.Length; c += size)
        {
            // Σ (a − μ)² = Σ a·(a − μ) − μ·(Σ a − μ·count), the last bracket being what rounding left of zero.
            var squares = Sum(sums.Second.AsSpan(c, size)) - means[c] * (Sum(sums.First.AsSpan(c, size)) - means[c] * count);
            deviations.AsSpan(c, size).Fill(Math.Sqrt(squares / count + eps));
        }
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }

    private static ReadOnlySpan<float> Sample(Tensor values, int row)
    {
        var length = (int)(values.shape[1] * values.shape[2]);
        return MemoryMarshal.Cast<byte, float>(values.bytes).Slice(row * length, length);
    }
}
