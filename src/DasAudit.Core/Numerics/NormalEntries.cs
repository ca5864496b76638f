using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>
/// Standard normal values by Box and Muller's transform √(−2 ln u)·(cos φ, sin φ): φ is uniform on the circle, u
/// uniform on multiples of 2⁻³¹ offset by 2⁻³² and rounded to float32, so that values end at ±6.66, which one in 4·10¹⁰
/// normal values passes. Logarithm, sine and cosine are polynomials of Moshier's Cephes library (logf, sinf, cosf),
/// made of additions, products and fused multiply-adds that IEEE 754 rounds in one way only; each value is within
/// 2.5·10⁻⁷·√(−2 ln u) of the exact function of the same u and φ.
/// </summary>
/// <remarks>Benchmark: <c>projections</c>, kind <c>gaussian</c>.</remarks>
internal sealed unsafe class NormalEntries(long seed) : IMatrixEntries
{
    private const int Side = IMatrixEntries.Side;
    private const int Pairs = 16;

    private readonly ulong _key = SplitMix.Mix((ulong)seed ^ 0x5A17_0000_0000_0003);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int coordinate, int column, float* block)
    {
        var step = Vector512.Create(unchecked(8 * SplitMix.Step));
        for (var j = 0; j < Side; j++)
        {
            var stream = SplitMix.Mix(_key + (ulong)(coordinate + j) * SplitMix.Step);
            var state = SplitMix.Steps + Vector512.Create(stream + (ulong)(column / 2) * SplitMix.Step);
            for (var c = 0; c < Side; c += 2 * Pairs)
            {
                var (first, second) = Transform(SplitMix.Mix(state).AsUInt32(), SplitMix.Mix(state + step).AsUInt32());
                state += step + step;
                first.Store(block);
                second.Store(block + Pairs);
                block += 2 * Pairs;
            }
        }
    }

    /// <summary>Two normal values a lane from two words of random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<float> First, Vector512<float> Second) Transform(
        Vector512<uint> radius,
        Vector512<uint> angle
    )
    {
        var u = MultiplyAdd(
            Vector512.ConvertToSingle((radius >>> 1).AsInt32()),
            1f / (1u << 31),
            Vector512.Create(0.5f / (1u << 31))
        );
        var r = Vector512.Sqrt(Log(u) * -2f);

        // An eighth of a turn to either side of 0 by the low bits; the two high bits turn it to the other quarters.
        var phi = Vector512.ConvertToSingle((angle << 2).AsInt32()) * (MathF.PI / 4 / (1u << 31));
        var z = phi * phi;
        var sin = MultiplyAdd(
            MultiplyAdd(MultiplyAdd(z, -1.9515295891E-4f, 8.3321608736E-3f), z, -1.6666654611E-1f) * z,
            phi,
            phi
        );
        var cos = MultiplyAdd(
            MultiplyAdd(MultiplyAdd(z, 2.443315711809948E-5f, -1.388731625493765E-3f), z, 4.166664568298827E-2f) * z,
            z,
            MultiplyAdd(z, -0.5f, Vector512<float>.One)
        );
        var swap = ((angle << 1).AsInt32() >> 31).AsSingle();
        r = (r.AsUInt32() ^ (angle & Vector512.Create(0x8000_0000))).AsSingle();
        return (r * Vector512.ConditionalSelect(swap, sin, cos), r * Vector512.ConditionalSelect(swap, cos, sin));
    }

    // u = m·2ᵉ with m in [√½, √2); ln u = e·ln 2 + ln(1 + f), f = m − 1, ln 2 in two parts of which the first is short.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log(Vector512<float> u)
    {
        var bits = u.AsInt32();
        var exponent = (bits - Vector512.Create(0x3F3504F3)) >> 23;
        var f = (bits - (exponent << 23)).AsSingle() - Vector512<float>.One;
        var e = Vector512.ConvertToSingle(exponent);
        var z = f * f;
        var y = MultiplyAdd(f, 7.0376836292E-2f, -1.1514610310E-1f);
        y = MultiplyAdd(y, f, 1.1676998740E-1f);
        y = MultiplyAdd(y, f, -1.2420140846E-1f);
        y = MultiplyAdd(y, f, 1.4249322787E-1f);
        y = MultiplyAdd(y, f, -1.6668057665E-1f);
        y = MultiplyAdd(y, f, 2.0000714765E-1f);
        y = MultiplyAdd(y, f, -2.4999993993E-1f);
        y = MultiplyAdd(y, f, 3.3333331174E-1f);
        y = MultiplyAdd(e, -2.12194440E-4f, y * f * z);
        y = MultiplyAdd(z, -0.5f, y);
        return MultiplyAdd(e, 0.693359375f, f + y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> a, float b, float c) =>
        MultiplyAdd(a, Vector512.Create(b), Vector512.Create(c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> a, float b, Vector512<float> c) =>
        MultiplyAdd(a, Vector512.Create(b), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, float c) =>
        MultiplyAdd(a, b, Vector512.Create(c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);
}
