using System.Numerics;
using System.Runtime.InteropServices;

namespace DasAudit.Core.Numerics;

/// <summary>For each channel, sums over the positions of one sample [L, C]. Lanes are channels.</summary>
/// <remarks>Blocks of positions are summed in float32, the blocks in double. Benchmark: <c>gradients</c>.</remarks>
internal sealed class ChannelSums(int channels)
{
    private const int Block = 128;

    private readonly float[] _first = new float[channels];
    private readonly float[] _second = new float[channels];

    /// <summary>Σ_l δ_lc, or Σ_l (δ_lc − m_c) if deltas are centred too.</summary>
    public double[] First { get; } = new double[channels];

    /// <summary>Σ_l δ_lc·(a_lc − m_c), or Σ_l (δ_lc − m_c)·(a_lc − m_c).</summary>
    public double[] Second { get; } = new double[channels];

    /// <summary>Computes both sums; m is taken off δ as well if they are centred.</summary>
    public void Compute(ReadOnlySpan<float> deltas, ReadOnlySpan<float> values, float[] means, bool centred = false)
    {
        Array.Clear(First);
        Array.Clear(Second);
        for (var at = 0; at < deltas.Length; at += Block * channels)
        {
            var length = Math.Min(Block * channels, deltas.Length - at);
            Array.Clear(_first);
            Array.Clear(_second);
            AddBlock(deltas.Slice(at, length), values.Slice(at, length), means, centred);
            for (var c = 0; c < channels; c++)
            {
                First[c] += _first[c];
                Second[c] += _second[c];
            }
        }
    }

    private void AddBlock(ReadOnlySpan<float> deltas, ReadOnlySpan<float> values, float[] means, bool centred)
    {
        ref var delta = ref MemoryMarshal.GetReference(deltas);
        ref var value = ref MemoryMarshal.GetReference(values);
        var whole = channels - channels % Vector<float>.Count;
        for (var c = 0; c < whole; c += Vector<float>.Count)
        {
            var first = Vector<float>.Zero;
            var second = Vector<float>.Zero;
            var mean = new Vector<float>(means, c);
            var shift = centred ? mean : Vector<float>.Zero;
            for (var at = c; at < deltas.Length; at += channels)
            {
                var d = Vector.LoadUnsafe(ref delta, (nuint)at) - shift;
                first += d;
                second = Vector.FusedMultiplyAdd(d, Vector.LoadUnsafe(ref value, (nuint)at) - mean, second);
            }

            first.CopyTo(_first, c);
            second.CopyTo(_second, c);
        }

        for (var c = whole; c < channels; c++)
        {
            var shift = centred ? means[c] : 0;
            for (var at = c; at < deltas.Length; at += channels)
            {
                var d = deltas[at] - shift;
                _first[c] += d;
                _second[c] += d * (values[at] - means[c]);
            }
        }
    }
}
