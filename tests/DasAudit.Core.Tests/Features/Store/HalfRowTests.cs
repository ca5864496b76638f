using DasAudit.Core.Features.Store;

namespace DasAudit.Core.Tests.Features.Store;

public class HalfRowTests
{
    [Theory]
    [InlineData(1f)]
    [InlineData(3.7e-9f)]
    [InlineData(2.5e30f)]
    [InlineData(1.7e38f)]
    [InlineData(1e-38f)]
    public void A_value_changes_by_at_most_2_to_the_minus_11_of_itself_or_2_to_the_minus_39_of_the_largest(
        float largest
    )
    {
        var random = new Random(1);
        // From the largest down to where float16 alone would have nothing left.
        float[] row =
        [
            largest,
            .. Enumerable
                .Range(0, 5000)
                .Select(i => (float)(largest * (random.NextDouble() * 2 - 1) * Math.Pow(2, -i / 100.0))),
        ];
        var restored = Restore(row);
        var worst = 0.0;
        for (var i = 0; i < row.Length; i++)
        {
            var error = Math.Abs((double)row[i] - restored[i]);
            Assert.True(
                error <= Math.Max(Math.Pow(2, -11) * Math.Abs(row[i]), Math.Pow(2, -39) * largest),
                $"{row[i]} became {restored[i]}"
            );
            if (Math.Abs(row[i]) > largest * 1e-6)
                worst = Math.Max(worst, error / Math.Abs(row[i]));
        }

        // It is float16, not better.
        Assert.InRange(worst, Math.Pow(2, -11) * 0.9, Math.Pow(2, -11));
    }

    [Fact]
    public void A_row_read_back_and_written_again_stays_as_it_is()
    {
        var random = new Random(2);
        float[] row = [.. Enumerable.Range(0, 1000).Select(_ => (float)(random.NextDouble() - 0.5))];
        var once = Restore(row);
        Assert.NotEqual(row, once);
        Assert.Equal(once, Restore(once));
    }

    [Theory]
    [InlineData(0f, 0f, 0f)]
    [InlineData(float.Epsilon, -float.Epsilon, 0f)]
    [InlineData(-5f, 0f, 2f)]
    public void Zeros_and_the_smallest_numbers_come_back(params float[] row) => Assert.Equal(row, Restore(row));

    private static float[] Restore(float[] row)
    {
        var (half, restored) = (new Half[row.Length], new float[row.Length]);
        HalfRow.Round(row, new float[row.Length], half);
        HalfRow.Restore(half, HalfRow.Scale(row), restored);
        return restored;
    }
}
