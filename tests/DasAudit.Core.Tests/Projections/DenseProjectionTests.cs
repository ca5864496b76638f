using DasAudit.Core.Numerics;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Projections;

public unsafe class DenseProjectionTests
{
    private const int Side = IMatrixEntries.Side;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(64, 64, 1)]
    [InlineData(129, 100, 1)]
    [InlineData(300, 3, 5)]
    [InlineData(500, 130, 8)]
    public void Vectors_give_the_bits_of_one_product_after_the_other(int length, int dimension, int rows)
    {
        var gradients = TestGradients.Rows(rows, length);
        foreach (IMatrixEntries entries in new IMatrixEntries[] { new RademacherEntries(5), new NormalEntries(5) })
        {
            var expected = gradients.Select(gradient =>
                Enumerable.Range(0, dimension).Select(c => OneByOne(entries, gradient, c, dimension)).ToArray()
            );
            Assert.Equal(expected, new DenseProjection(entries, dimension).Project(gradients));
        }
    }

    [Fact]
    public void Signs_are_bits_of_the_hash()
    {
        var entries = new RademacherEntries(-9);
        foreach (var (coordinate, column) in new[] { (0, 0), (64, 128), (6400, 64) })
        {
            var block = Block(entries, coordinate, column);
            for (var j = 0; j < Side; j++)
            {
                for (var c = 0; c < Side; c++)
                {
                    var stream = SplitMix.Mix(
                        SplitMix.Mix(unchecked((ulong)-9L) ^ 0x5A17_0000_0000_0002)
                            + (ulong)((coordinate + j) / 32) * SplitMix.Step
                    );
                    var hash = SplitMix.Mix(stream + (ulong)((column + c) / 2) * SplitMix.Step);
                    var word = (uint)(c % 2 == 0 ? hash : hash >> 32);
                    Assert.Equal(((word << (j % 32)) >> 31) == 0 ? 1f : -1f, block[j * Side + c]);
                }
            }
        }
    }

    [Fact]
    public void Signs_are_balanced_and_neighbours_uncorrelated()
    {
        var entries = new RademacherEntries(1);
        double sum = 0,
            along = 0,
            across = 0,
            count = 0;
        for (var b = 0; b < 100; b++)
        {
            var block = Block(entries, b * Side, b / 10 * Side);
            for (var j = 0; j + 1 < Side; j++)
            {
                for (var c = 0; c + 1 < Side; c++)
                {
                    sum += block[j * Side + c];
                    along += block[j * Side + c] * block[j * Side + c + 1];
                    across += block[j * Side + c] * block[(j + 1) * Side + c];
                    count++;
                }
            }
        }

        Assert.All([sum, along, across], total => Assert.InRange(total / Math.Sqrt(count), -3.5, 3.5));
    }

    internal static float[] Block(IMatrixEntries entries, int coordinate, int column)
    {
        var block = new float[Side * Side];
        fixed (float* start = block)
            entries.Fill(coordinate, column, start);
        return block;
    }

    private static float OneByOne(IMatrixEntries entries, float[] gradient, int column, int dimension)
    {
        var sum = 0.0;
        for (var start = 0; start < gradient.Length; start += Side)
        {
            var block = Block(entries, start, column / Side * Side);
            var partial = 0f;
            for (var j = 0; j < Math.Min(Side, gradient.Length - start); j++)
                partial = MathF.FusedMultiplyAdd(block[j * Side + column % Side], gradient[start + j], partial);
            sum += partial;
        }

        return (float)(sum * (1 / Math.Sqrt(dimension)));
    }
}
