using DasAudit.Core.Evaluation;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Evaluation;

public class RankedSeriesTests
{
    [Theory]
    [InlineData(5, 3)]
    [InlineData(40, 1000)]
    [InlineData(600, 1000)]
    public void It_is_the_correlation_of_the_pairs_written_out(int count, int different)
    {
        var random = new Random(count);
        double[] a = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(different))];
        double[] b = [.. Enumerable.Range(0, count).Select(i => a[i] + random.Next(different))];
        int[] counts = [.. Enumerable.Range(0, count).Select(_ => random.Next(3))];

        var expected = Ranking.Spearman(Repeated(a, counts), Repeated(b, counts));

        Assert.Equal(expected, RankedSeries.Spearman(new(a), new(b), counts), 1e-12);
    }

    [Fact]
    public void Of_a_constant_side_it_is_zero() =>
        Assert.Equal(0, RankedSeries.Spearman(new([1, 1, 1]), new([1, 2, 3]), [1, 1, 1]));

    private static double[] Repeated(double[] values, int[] counts) =>
        [.. values.Zip(counts).SelectMany(pair => Enumerable.Repeat(pair.First, pair.Second))];
}
