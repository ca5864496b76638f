using DasAudit.Core.Evaluation;

namespace DasAudit.Core.Tests.Evaluation;

public sealed class QueryBootstrapTests
{
    /// <summary>
    /// The mean of n values has the standard error s/√n, and the interval is 1.96 of them on each side.
    /// </summary>
    [Fact]
    public void The_interval_is_that_of_the_standard_error()
    {
        double[] values = [.. RandomNumbers.Normal(3, 100).Select(value => (double)value)];
        var mean = values.Average();
        var error = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / values.Length);

        var interval = new QueryBootstrap(values.Length, 4000, 7).Mean(values);

        Assert.Equal(mean, interval.Value, 1e-12);
        Assert.Equal(mean - 1.96 * error, interval.Low, error / 5);
        Assert.Equal(mean + 1.96 * error, interval.High, error / 5);
    }

    [Fact]
    public void Figures_meet_the_same_draws()
    {
        var bootstrap = new QueryBootstrap(5, 200, 1);
        double[] values = [1, 5, 2, 8, 3];

        var above = bootstrap.Mean([.. values.Select(value => value + 1)]);

        var interval = bootstrap.Mean(values);
        Assert.Equal(interval.Low + 1, above.Low, 1e-12);
        Assert.Equal(interval.High + 1, above.High, 1e-12);
    }
}
