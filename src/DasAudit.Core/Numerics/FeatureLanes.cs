using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DasAudit.Core.Numerics;

/// <summary>Loads sixteen stored values as float32, up to a power of two that is the same for all.</summary>
/// <remarks>Benchmark: <c>scoring</c>.</remarks>
internal unsafe interface IFeatureLanes
{
    /// <summary>Bytes of a value.</summary>
    static abstract int Size { get; }

    /// <summary>What loaded values must still be multiplied with.</summary>
    static abstract float Unit { get; }

    /// <summary>Sixteen values, each divided by <see cref="Unit"/>.</summary>
    static abstract Vector512<float> Load(byte* from);
}

internal readonly unsafe struct SingleLanes : IFeatureLanes
{
    public static int Size => sizeof(float);

    public static float Unit => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* from) => Vector512.Load((float*)from);
}

/// <summary>
/// float16. .NET has no instruction for the conversion of vectors, and needs none: with sign, exponent and fraction
/// moved to where float32 has them, the bits of h are those of h·2⁻¹¹², exactly, also where h is subnormal. Three
/// instructions for sixteen values; infinities and NaN are not provided for, since features are finite.
/// </summary>
internal readonly unsafe struct HalfLanes : IFeatureLanes
{
    private const int Shift = 13;

    public static int Size => sizeof(short);

    public static float Unit { get; } = MathF.ScaleB(1, 112);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* from)
    {
        var half = Vector256.Load((short*)from);
        var wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(half)
            : Vector512.Create(Vector256.WidenLower(half), Vector256.WidenUpper(half));
        // The copies of the sign between bit 31 and the exponent, which the widening made, go.
        return ((wide << Shift) & Vector512.Create(unchecked((int)0x8FFFFFFF))).AsSingle();
    }
}
