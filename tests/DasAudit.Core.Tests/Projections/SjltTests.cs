using DasAudit.Core.Numerics;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Projections;

public class SjltTests
{
    [Fact]
    public void The_same_seed_gives_the_same_matrix_on_every_machine()
    {
        // Fixed values: a change here makes every stored feature worthless.
        var buckets = Enumerable
            .Range(0, 6)
            .Select(j =>
            {
                var unit = new float[6];
                unit[j] = 1;
                var feature = new Sjlt(42, 1000).Project([unit])[0];
                var bucket = Array.FindIndex(feature, v => v != 0);
                return (bucket, feature[bucket]);
            });
        Assert.Equal(Golden, buckets);
    }

    private static readonly (int, float)[] Golden = [(517, 1), (356, 1), (281, -1), (161, 1), (594, -1), (116, 1)];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 8)]
    [InlineData(500, 1023)]
    [InlineData(1000, 1029)]
    [InlineData(4096, 5000)]
    [InlineData(1 << 20, 3000)]
    public void Vectors_give_the_bits_of_one_addition_after_the_other(int dimension, int length)
    {
        var gradients = TestGradients.Rows(10, length);
        Assert.Equal(
            gradients.Select(gradient => OneByOne(-7, dimension, gradient)),
            new Sjlt(-7, dimension).Project(gradients)
        );
    }

    [Fact]
    public void Buckets_are_filled_evenly()
    {
        // Pearson's statistic of 64 buckets times signs has mean 127 and standard deviation 16.
        var counts = new Dictionary<int, int>();
        for (var j = 0; j < 1 << 16; j++)
        {
            var (bucket, sign) = Place(11, 64, j);
            var cell = bucket * 2 + (sign > 0 ? 1 : 0);
            counts[cell] = counts.GetValueOrDefault(cell) + 1;
        }

        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - 512, 2) / 512), 127 - 4 * 16, 127 + 4 * 16);
    }

    private static float[] OneByOne(long seed, int dimension, float[] gradient)
    {
        var sums = new double[dimension];
        for (var j = 0; j < gradient.Length; j++)
        {
            var (bucket, sign) = Place(seed, dimension, j);
            sums[bucket] += sign * gradient[j];
        }

        return Array.ConvertAll(sums, sum => (float)sum);
    }

    private static (int Bucket, int Sign) Place(long seed, int dimension, int j)
    {
        var hash = SplitMix.Mix(SplitMix.Mix((ulong)seed ^ 0x5A17_0000_0000_0001) + (ulong)j * SplitMix.Step);
        return ((int)(((hash >> 32) * (ulong)dimension) >> 32), (hash & 1) == 0 ? 1 : -1);
    }
}
