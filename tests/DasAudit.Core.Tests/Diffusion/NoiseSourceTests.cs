using DasAudit.Core.Diffusion;
using DasAudit.Core.Numerics;

namespace DasAudit.Core.Tests.Diffusion;

public class NoiseSourceTests
{
    [Fact]
    public void Philox_gives_the_published_values()
    {
        // Known-answer vectors of the Random123 library (Salmon et al.), philox4x32 with 10 rounds.
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block(0, 0, 0, 0, 0));
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            Philox.Block(ulong.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue)
        );
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block(0x299f31d0a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)
        );
    }

    [Fact]
    public void The_values_are_standard_normal()
    {
        var values = Normal(new(NoisePurpose.Attribution, 500, 2), 200_000);
        Assert.Equal(0, values.Average(), 0.01);
        Assert.Equal(1, values.Average(v => v * v), 0.015);
        Assert.Equal(3, values.Average(v => Math.Pow(v, 4)), 0.1);
        Assert.Equal(0.1587, values.Count(v => v > 1) / 200_000.0, 0.004);
    }

    [Fact]
    public void A_shorter_stream_is_the_beginning_of_a_longer_one()
    {
        var address = new NoiseAddress(NoisePurpose.Attribution, 10, 0);
        Assert.Equal(Normal(address, 7), Normal(address, 100)[..7]);
    }

    [Fact]
    public void Every_part_of_the_address_counts()
    {
        var address = new NoiseAddress(NoisePurpose.Attribution, 10, 0);
        var all = new[]
        {
            Normal(address, 4),
            Normal(address with { Timestep = 11 }, 4),
            Normal(address with { Replicate = 1 }, 4),
            Normal(address with { Purpose = NoisePurpose.SamplingStart }, 4),
            Normal(address, 4, seed: 1),
        };
        Assert.Equal(all.Length, all.Select(v => string.Join(' ', v)).Distinct().Count());
    }

    [Fact]
    public void Permutations_are_permutations_and_uniform_in_the_first_place()
    {
        var source = new NoiseSource(3);
        var firsts = new int[5];
        for (var epoch = 0; epoch < 5000; epoch++)
        {
            var order = source.Permutation(new(NoisePurpose.TrainingOrder, 0, epoch), 5);
            Assert.Equal([0, 1, 2, 3, 4], order.Order());
            firsts[order[0]]++;
        }

        Assert.All(firsts, count => Assert.InRange(count, 850, 1150));
    }

    private static float[] Normal(NoiseAddress address, int count, long seed = 0)
    {
        var values = new float[count];
        new NoiseSource(seed).Normal(address, values);
        return values;
    }
}
