using System.Runtime.Intrinsics;
using DasAudit.Core.Numerics;
using DasAudit.Core.Tests.Projections;

namespace DasAudit.Core.Tests.Numerics;

public class NormalEntriesTests
{
    private const int Side = IMatrixEntries.Side;

    private static readonly float[] Sample =
    [
        .. Enumerable
            .Range(0, 500)
            .SelectMany(b => DenseProjectionTests.Block(new NormalEntries(8), b % 50 * Side, b / 50 * Side)),
    ];

    [Fact]
    public void They_are_the_transform_of_their_bits_to_float_accuracy()
    {
        uint[] corners =
        [
            0,
            1,
            2,
            3,
            255,
            0x3FFF_FFFF,
            0x4000_0000,
            0x7FFF_FFFF,
            0x8000_0000,
            0x9FFF_FFFF,
            0xA000_0000,
            0xB504_F333,
            0xFFFF_FF00,
            0xFFFF_FFFE,
            0xFFFF_FFFF,
        ];
        var words = corners.Concat(Enumerable.Range(0, 2000).Select(n => (uint)SplitMix.Mix((ulong)n))).ToArray();
        var worst = 0.0;
        for (var n = 0; n < words.Length * 100; n++)
        {
            var (a, b) = (words[n % words.Length], words[(n * 31L + n / words.Length) % words.Length]);
            var (first, second) = NormalEntries.Transform(Vector512.Create(a), Vector512.Create(b));
            var u = MathF.FusedMultiplyAdd((int)(a >> 1), 1f / (1u << 31), 0.5f / (1u << 31));
            var r = Math.Sqrt(-2 * Math.Log(u));
            var (sin, cos) = Math.SinCos((int)(b << 2) * (Math.PI / 4 / (1u << 31)));
            var (x, y) = (b & 0x4000_0000) == 0 ? (cos, sin) : (sin, cos);
            var sign = (b & 0x8000_0000) == 0 ? 1 : -1;
            var error = Math.Max(Math.Abs(first[0] - sign * r * x), Math.Abs(second[0] - sign * r * y));
            Assert.True(error <= 2.5e-7 * r, $"{a:x8} {b:x8}: {error / r}");
            if (r > 0)
                worst = Math.Max(worst, error / r);
        }

        Assert.InRange(worst, 1e-8, 2.5e-7);
    }

    [Theory]
    [InlineData(0.0001, -3.7190165)]
    [InlineData(0.001, -3.0902323)]
    [InlineData(0.01, -2.3263479)]
    [InlineData(0.1, -1.2815516)]
    [InlineData(0.25, -0.6744898)]
    [InlineData(0.4, -0.2533471)]
    [InlineData(0.5, 0)]
    [InlineData(0.7, 0.5244005)]
    [InlineData(0.9, 1.2815516)]
    [InlineData(0.975, 1.9599640)]
    [InlineData(0.999, 3.0902323)]
    [InlineData(0.99997, 4.0128108)]
    public void Their_quantiles_are_those_of_the_normal_distribution(double probability, double quantile)
    {
        var below = Sample.Count(value => value < quantile) / (double)Sample.Length;
        Assert.Equal(probability, below, 4 * Math.Sqrt(probability * (1 - probability) / Sample.Length));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 0, 15)]
    [InlineData(4, 3, 96)]
    [InlineData(6, 15, 10170)]
    public void Their_moments_are_those_of_the_normal_distribution(int power, double moment, double variance) =>
        Assert.Equal(moment, Sample.Average(value => Math.Pow(value, power)), 4 * Math.Sqrt(variance / Sample.Length));

    [Fact]
    public void Neighbours_and_their_squares_are_uncorrelated()
    {
        foreach (var distance in new[] { 1, 2, 16, 32, Side, Side * Side })
        {
            double product = 0,
                squares = 0;
            var count = Sample.Length - distance;
            for (var i = 0; i < count; i++)
            {
                var (x, y) = ((double)Sample[i], (double)Sample[i + distance]);
                product += x * y;
                squares += (x * x - 1) * (y * y - 1) / 2;
            }

            Assert.InRange(product / Math.Sqrt(count), -4, 4);
            Assert.InRange(squares / Math.Sqrt(count), -4, 4);
        }
    }
}
