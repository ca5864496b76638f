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
        var moments = new GroupMoments(channels, groups, eps);
        var sums = new ChannelSums(channels);
        for (var b = 0; b < batch; b++)
        {
            var a = Sample(values, b);
            moments.Compute(a, sums);
            for (var f = 0; f < deltas.Length; f++)
            {
                sums.Compute(Sample(deltas[f], b), a, moments.Means);
                for (var c = 0; c < channels; c++)
                {
                    results[f].Scale[b * channels + c] = (float)((sums.Second[c] - moments.Rests[c] * sums.First[c]) / moments.Deviations[c]);
                    results[f].Shift[b * channels + c] = (float)sums.First[c];
                }
            }
        }

        return [.. results.Select(r => (tensor(r.Scale, [batch, channels]), tensor(r.Shift, [batch, channels])))];
    }

    private static ReadOnlySpan<float> Sample(Tensor values, int row)
    {
        var length = (int)(values.shape[1] * values.shape[2]);
        return MemoryMarshal.Cast<byte, float>(values.bytes).Slice(row * length, length);
    }
}
