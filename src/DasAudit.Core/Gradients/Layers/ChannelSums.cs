using System.Numerics;
using System.Runtime.InteropServices;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Sums over the positions of one sample [L, C], for each channel. Lanes are channels; blocks of positions are summed in float32, and the
/// blocks in double.
/// </summary>
/// <param name="channels">C.</param>
internal sealed class ChannelSums(int channels)
{
    private const int Block = 128;

    private readonly float[] _first = new float[channels];
    private readonly float[] _second = new float[channels];

    /// <summary>Σ_l δ_lc.</summary>
    public double[] First { get; } = new double[channels];

    /// <summary>Σ_l δ_lc·(a_lc − μ_c).</summary>
    public double[] Second { get; } = new double[channels];

    /// <summary>Computes both sums.</summary>
    /// <param name="deltas">δ.</param>
    /// <param name="values">a.</param>
    /// <param name="means">μ.</param>
    public void Compute(ReadOnlySpan<float> deltas, ReadOnlySpan<float> values, float[] means)
    {
        Array.Clear(First);
        Array.Clear(Second);
        for (var at = 0; at < deltas.Length; at += Block * channels)
        {
            var length = Math.Min(Block * channels, deltas.Length - at);
            Array.Clear(_first);
            Array.Clear(_second);
            AddBlock(deltas.Slice(at, length), values.Slice(at, length), means);
            for (var c = 0; c < channels; c++)
            {
                First[c] += _first[c];
                Second[c] += _second[c];
            }
        }
    }

    private void AddBlock(ReadOnlySpan<float> deltas, ReadOnlySpan<float> values, float[] means)
    {
        ref var delta = ref MemoryMarshal.GetReference(deltas);
        ref var value = ref MemoryMarshal.GetReference(values);
        var whole = channels - channels % Vector<float>.Count;
        for (var c = 0; c < whole; c += Vector<float>.Count)
        {
            var (first, second, mean) = (Vector<float>.Zero, Vector<float>.Zero, new Vector<float>(means, c));
            for (var at = c; at < deltas.Length; at += channels)
            {
                var d = Vector.LoadUnsafe(ref delta, (nuint)at);
                first += d;
                second = Vector.FusedMultiplyAdd(d, Vector.LoadUnsafe(ref value, (nuint)at) - mean, second);
            }

            first.CopyTo(_first, c);
            second.CopyTo(_second, c);
        }

        for (var c = whole; c < channels; c++)
        {
            for (var at = c; at < deltas.Length; at += channels)
            {
                _first[c] += deltas[at];
                _second[c] += deltas[at] * (values[at] - means[c]);
            }
        }
    }
}
