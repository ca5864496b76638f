using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DasAudit.Core.Numerics;

/// <summary>The sparse transform's additions; eight gradients at once take an eighth of hashes and accesses.</summary>
/// <remarks>Their bucket is eight doubles in a cache line. Benchmark: <c>projections</c>, kind <c>sjlt</c>.</remarks>
internal static unsafe class SjltKernel
{
    /// <summary>Gradients of a pass of <see cref="Eight"/>.</summary>
    public const int Together = 8;

    private const int Block = SjltHash.Block;

    public static float[] One(SjltHash hash, float[] gradient)
    {
        var sums = new double[hash.Dimension];
        uint* buckets = stackalloc uint[Block],
            signs = stackalloc uint[Block];
        fixed (float* source = gradient)
        fixed (double* sum = sums)
        {
            for (var start = 0; start < gradient.Length; start += Block)
            {
                hash.Fill(start, buckets, signs);
                Add(source + start, Math.Min(Block, gradient.Length - start), buckets, signs, sum);
            }
        }

        return Array.ConvertAll(sums, sum => (float)sum);
    }

    /// <summary>The features of eight gradients of the same length.</summary>
    public static float[][] Eight(SjltHash hash, float[][] gradients)
    {
        var length = gradients[0].Length;
        if (gradients.Length != Together || gradients.Any(g => g.Length != length))
            throw new ArgumentException("Not eight of one length.", nameof(gradients));
        if (!Avx.IsSupported)
            return Array.ConvertAll(gradients, gradient => One(hash, gradient));

        using var memory = new AlignedMemory<double>(hash.Dimension * (long)Together, zeroed: true);
        var sums = memory.Start;
        uint* buckets = stackalloc uint[Block],
            signs = stackalloc uint[Block];
        fixed (
            float* a = gradients[0],
                b = gradients[1],
                c = gradients[2],
                d = gradients[3]
        )
        fixed (
            float* e = gradients[4],
                f = gradients[5],
                g = gradients[6],
                h = gradients[7]
        )
        {
            var sources = stackalloc float*[] { a, b, c, d, e, f, g, h };
            for (var start = 0; start < length; start += Block)
            {
                hash.Fill(start, buckets, signs);
                Add(sources, start, Math.Min(Block, length - start), buckets, signs, sums);
            }
        }

        var features = gradients.Select(_ => new float[hash.Dimension]).ToArray();
        for (var bucket = 0; bucket < hash.Dimension; bucket++)
        for (var row = 0; row < Together; row++)
            features[row][bucket] = (float)sums[bucket * Together + row];
        return features;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* source, int count, uint* buckets, uint* signs, double* sums)
    {
        var i = 0;
        for (; i <= count - 8; i += 8)
        {
            var (low, high) = Vector256.Widen(Load(source + i, Vector256.Load(signs + i)));
            AddFour(sums, buckets + i, low);
            AddFour(sums, buckets + i + 4, high);
        }

        for (; i < count; i++)
            sums[buckets[i]] += Signed(source[i], signs[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(double* sums, uint* buckets, Vector256<double> values)
    {
        var (low, high) = (values.GetLower(), values.GetUpper());
        sums[buckets[0]] += low.ToScalar();
        sums[buckets[1]] += low.GetElement(1);
        sums[buckets[2]] += high.ToScalar();
        sums[buckets[3]] += high.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float** sources, int start, int count, uint* buckets, uint* signs, double* sums)
    {
        var i = 0;
        for (; i <= count - 8; i += 8)
        {
            var at = start + i;
            var sign = Vector256.Load(signs + i);

            // Eight gradients of eight coordinates, transposed: pairs, then fours, then halves.
            var r0 = Load(sources[0] + at, sign);
            var r1 = Load(sources[1] + at, sign);
            var r2 = Load(sources[2] + at, sign);
            var r3 = Load(sources[3] + at, sign);
            var r4 = Load(sources[4] + at, sign);
            var r5 = Load(sources[5] + at, sign);
            var r6 = Load(sources[6] + at, sign);
            var r7 = Load(sources[7] + at, sign);
            var (p0, p1) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1));
            var (p2, p3) = (Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
            var (p4, p5) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5));
            var (p6, p7) = (Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
            var (f0, f1, f2, f3) = (LowPair(p0, p2), HighPair(p0, p2), LowPair(p1, p3), HighPair(p1, p3));
            var (f4, f5, f6, f7) = (LowPair(p4, p6), HighPair(p4, p6), LowPair(p5, p7), HighPair(p5, p7));
            Add(sums + buckets[i] * Together, Avx.Permute2x128(f0, f4, 0x20));
            Add(sums + buckets[i + 1] * Together, Avx.Permute2x128(f1, f5, 0x20));
            Add(sums + buckets[i + 2] * Together, Avx.Permute2x128(f2, f6, 0x20));
            Add(sums + buckets[i + 3] * Together, Avx.Permute2x128(f3, f7, 0x20));
            Add(sums + buckets[i + 4] * Together, Avx.Permute2x128(f0, f4, 0x31));
            Add(sums + buckets[i + 5] * Together, Avx.Permute2x128(f1, f5, 0x31));
            Add(sums + buckets[i + 6] * Together, Avx.Permute2x128(f2, f6, 0x31));
            Add(sums + buckets[i + 7] * Together, Avx.Permute2x128(f3, f7, 0x31));
        }

        for (; i < count; i++)
        for (var row = 0; row < Together; row++)
            sums[buckets[i] * Together + row] += Signed(sources[row][start + i], signs[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float* source, Vector256<uint> sign) =>
        (Vector256.Load(source).AsUInt32() ^ sign).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LowPair(Vector256<float> a, Vector256<float> b) =>
        Avx.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> HighPair(Vector256<float> a, Vector256<float> b) =>
        Avx.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* sums, Vector256<float> values)
    {
        if (Avx512F.IsSupported)
        {
            (Vector512.LoadAligned(sums) + Avx512F.ConvertToVector512Double(values)).StoreAligned(sums);
            return;
        }

        var (low, high) = Vector256.Widen(values);
        (Vector256.LoadAligned(sums) + low).StoreAligned(sums);
        (Vector256.LoadAligned(sums + 4) + high).StoreAligned(sums + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Signed(float value, uint sign) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) ^ sign);
}
