using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): value n of stream s is Mix(s + n·Step).</summary>
/// <remarks>Integers alone, so that every machine gets the same values. Benchmark: <c>projections</c>.</remarks>
internal static class SplitMix
{
    /// <summary>From a value's state to the next one's.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15;

    private const ulong First = 0xBF58476D1CE4E5B9;
    private const ulong Second = 0x94D049BB133111EB;

    /// <summary>n·Step for n = 0 … 7.</summary>
    public static Vector512<ulong> Steps => Vector512<ulong>.Indices * Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * First;
        z = (z ^ (z >> 27)) * Second;
        return z ^ (z >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Mix(Vector512<ulong> z)
    {
        z = (z ^ (z >>> 30)) * First;
        z = (z ^ (z >>> 27)) * Second;
        return z ^ (z >>> 31);
    }
}
