using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>Random signs ±1: one 64-bit hash holds those of 32 coordinates in two columns.</summary>
/// <remarks>Bit 31 of each half is the first coordinate's. Benchmark: <c>projections</c>, <c>rademacher</c>.</remarks>
internal sealed unsafe class RademacherEntries(long seed) : IMatrixEntries
{
    private const int Side = IMatrixEntries.Side;
    private const int WordBits = 32;

    private readonly ulong _key = SplitMix.Mix((ulong)seed ^ 0x5A17_0000_0000_0002);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int coordinate, int column, float* block)
    {
        var signBit = Vector512.Create(0x8000_0000);
        var one = Vector512.Create(1f).AsUInt32();
        for (var word = 0; word < Side / WordBits; word++)
        {
            var stream = SplitMix.Mix(_key + (ulong)(coordinate / WordBits + word) * SplitMix.Step);
            var state = SplitMix.Steps + Vector512.Create(stream + (ulong)(column / 2) * SplitMix.Step);
            for (var c = 0; c < Side; c += 16)
            {
                var bits = SplitMix.Mix(state).AsUInt32();
                state += Vector512.Create(unchecked(8 * SplitMix.Step));
                var to = block + word * WordBits * Side + c;
                for (var j = 0; j < WordBits; j++)
                {
                    ((bits & signBit) | one).AsSingle().Store(to);
                    bits <<= 1;
                    to += Side;
                }
            }
        }
    }
}
