using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>Where the coordinates of a gradient go, and with which sign.</summary>
/// <param name="dimension">k, at most 2³¹.</param>
/// <remarks>Benchmark: <c>projections</c>, kind <c>sjlt</c>.</remarks>
internal sealed unsafe class SjltHash(long seed, int dimension)
{
    /// <summary>Coordinates that are hashed at once; a multiple of 16.</summary>
    public const int Block = 1024;

    private readonly ulong _key = SplitMix.Mix((ulong)seed ^ 0x5A17_0000_0000_0001);

    public int Dimension => dimension;

    /// <summary>Hashes the block of coordinates that begins with <c>first</c>.</summary>
    /// <param name="buckets">Gets <see cref="Block"/> bucket numbers 0 … k − 1.</param>
    /// <param name="signs">Gets <see cref="Block"/> masks: the sign bit of a float32, or nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int first, uint* buckets, uint* signs)
    {
        var state = SplitMix.Steps + Vector512.Create(_key + (ulong)first * SplitMix.Step);
        var step = Vector512.Create(unchecked(8 * SplitMix.Step));
        var k = Vector512.Create((ulong)dimension);
        for (var i = 0; i < Block; i += 16)
        {
            var a = SplitMix.Mix(state);
            var b = SplitMix.Mix(state + step);
            state += step + step;
            Vector512.Narrow(((a >>> 32) * k) >>> 32, ((b >>> 32) * k) >>> 32).Store(buckets + i);
            Vector512.Narrow(a << 31, b << 31).Store(signs + i);
        }
    }
}
