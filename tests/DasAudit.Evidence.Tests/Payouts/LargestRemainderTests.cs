using DasAudit.Evidence.Payouts;

namespace DasAudit.Evidence.Tests.Payouts;

public class LargestRemainderTests
{
    public static TheoryData<long, decimal[], long[]> Examples() =>
        new()
        {
            { 100, [1, 1, 1], [34, 33, 33] },
            { 10, [0.47m, 0.16m, 0.158m, 0.12m, 0.061m, 0.031m], [5, 2, 1, 1, 1, 0] },
            { 2, [1, 1, 1], [1, 1, 0] },
            { 7, [0, 1, 0], [0, 7, 0] },
            { 0, [1, 2], [0, 0] },
            { 5, [0.2m, 0.2m, 0.2m, 0.2m, 0.2m], [1, 1, 1, 1, 1] },
        };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Whole_units_go_by_the_largest_remainders(long total, decimal[] weights, long[] parts) =>
        Assert.Equal(parts, LargestRemainder.Divide(total, weights));

    [Fact]
    public void Parts_always_sum_to_the_whole_and_keep_the_quota()
    {
        var random = new Random(5);
        for (var n = 0; n < 2000; n++)
        {
            var weights = Enumerable
                .Range(0, random.Next(1, 40))
                .Select(_ => (decimal)Math.Pow(random.NextDouble(), 5));
            decimal[] all = [.. weights.Append(0.001m)];
            var total = random.NextInt64(0, 1_000_000_000_000);

            var parts = LargestRemainder.Divide(total, all);

            Assert.Equal(total, parts.Sum());
            foreach (var (part, weight) in parts.Zip(all))
                Assert.InRange(part - total * (weight / all.Sum()), -1.0000001m, 1.0000001m);
        }
    }
}
