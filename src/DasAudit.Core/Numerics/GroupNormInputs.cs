using System.Numerics;
using System.Runtime.InteropServices;

namespace DasAudit.Core.Numerics;

/// <summary>The gradient by group normalisation's input: γ·δ/σ − mean(γ·δ)/σ − x̂·mean(γ·δ·x̂)/σ.</summary>
/// <remarks>Means are over the group, and x̂ = (a − μ)/σ. Benchmark: <c>gradients</c>.</remarks>
internal sealed class GroupNormInputs(float[] gamma, int groups)
{
    private readonly float[] _byDelta = new float[gamma.Length];
    private readonly float[] _byValue = new float[gamma.Length];
    private readonly float[] _constant = new float[gamma.Length];

    /// <summary>Computes it for one sample [L, C] from Σ_l δ and Σ_l δ·x̂.</summary>
    public void Compute(
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> deltas,
        GroupMoments moments,
        ChannelSums sums,
        Span<float> result
    )
    {
        var size = gamma.Length / groups;
        var count = (double)values.Length / groups;
        for (var start = 0; start < gamma.Length; start += size)
        {
            var mean = 0.0;
            var slope = 0.0;
            for (var c = start; c < start + size; c++)
            {
                mean += gamma[c] * sums.First[c] / count;
                slope += gamma[c] * sums.Second[c] / count;
            }

            for (var c = start; c < start + size; c++)
            {
                var deviation = moments.Deviations[c];
                _byDelta[c] = (float)(gamma[c] / deviation);
                _byValue[c] = (float)(-slope / (deviation * deviation));
                _constant[c] = (float)(-mean / deviation + moments.Rests[c] * slope / (deviation * deviation));
            }
        }

        Apply(values, deltas, moments.Means, result);
    }

    private void Apply(ReadOnlySpan<float> values, ReadOnlySpan<float> deltas, float[] means, Span<float> result)
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        ref var delta = ref MemoryMarshal.GetReference(deltas);
        ref var to = ref MemoryMarshal.GetReference(result);
        var channels = gamma.Length;
        var whole = channels - channels % Vector<float>.Count;
        for (var c = 0; c < whole; c += Vector<float>.Count)
        {
            var mean = new Vector<float>(means, c);
            var byDelta = new Vector<float>(_byDelta, c);
            var byValue = new Vector<float>(_byValue, c);
            var constant = new Vector<float>(_constant, c);
            for (var at = c; at < values.Length; at += channels)
            {
                var centred = Vector.LoadUnsafe(ref value, (nuint)at) - mean;
                var line = Vector.FusedMultiplyAdd(centred, byValue, constant);
                Vector
                    .FusedMultiplyAdd(Vector.LoadUnsafe(ref delta, (nuint)at), byDelta, line)
                    .StoreUnsafe(ref to, (nuint)at);
            }
        }

        for (var c = whole; c < channels; c++)
        {
            for (var at = c; at < values.Length; at += channels)
                result[at] = deltas[at] * _byDelta[c] + ((values[at] - means[c]) * _byValue[c] + _constant[c]);
        }
    }
}
