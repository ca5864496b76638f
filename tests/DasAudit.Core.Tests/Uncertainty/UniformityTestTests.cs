using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public sealed class UniformityTestTests
{
    /// <summary>Critical values of the exact distribution of D, from the usual tables (Massey, 1951).</summary>
    [Theory]
    [InlineData(8, 0.45427, 0.05)]
    [InlineData(10, 0.40925, 0.05)]
    [InlineData(20, 0.29408, 0.05)]
    [InlineData(20, 0.35241, 0.01)]
    [InlineData(35, 0.22425, 0.05)]
    public void P_is_that_of_the_tables(int count, double distance, double p)
    {
        // The empirical distribution is above the uniform one by the distance, and nowhere below it.
        double[] values = [.. Enumerable.Range(1, count).Select(i => Math.Max(0, (double)i / count - distance))];

        Assert.Equal(p, UniformityTest.PValue(values), p / 10);
        Assert.Equal(p, UniformityTest.PValue([.. values.Select(value => 1 - value)]), p / 10);
    }

    [Fact]
    public void Evenly_spread_values_are_as_uniform_as_can_be() =>
        Assert.Equal(1, UniformityTest.PValue([.. Enumerable.Range(0, 50).Select(i => (i + 0.5) / 50)]), 1e-9);

    [Fact]
    public void Values_at_one_end_are_not() =>
        Assert.InRange(UniformityTest.PValue([0.1, 0.1, 0.1, 0.1, 0.1]), 0, 1e-3);
}
