using System.Runtime.Intrinsics;
using DasAudit.Core.Numerics;

namespace DasAudit.Core.Tests.Numerics;

public class SplitMixTests
{
    // The published generator's first values for the seed 1234567 (Vigna's splitmix64.c).
    private static readonly ulong[] Published =
    [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ];

    [Fact]
    public void It_is_the_published_generator() =>
        Assert.Equal(Published, Enumerable.Range(1, 5).Select(n => SplitMix.Mix(1234567 + (ulong)n * SplitMix.Step)));

    [Fact]
    public void Lanes_are_successive_values()
    {
        var values = SplitMix.Mix(SplitMix.Steps + Vector512.Create(unchecked(1234567 + SplitMix.Step)));
        for (var n = 0; n < 8; n++)
            Assert.Equal(SplitMix.Mix(1234567 + (ulong)(n + 1) * SplitMix.Step), values[n]);
    }
}
