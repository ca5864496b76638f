using DasAudit.Core.Evaluation.Outputs;

namespace DasAudit.Core.Tests.Evaluation.Outputs;

public class CorrelationBootstrapTests
{
    private const int Queries = 10;
    private const int Parts = 20;

    [Fact]
    public void What_is_the_picture_itself_correlates_with_it_in_every_draw()
    {
        var pictures = Values(1, Parts);
        var changes = new ModelChanges(pictures, pictures, Values(2, Parts));

        foreach (var (over, kind) in OutputsMeasure.All)
        {
            var correlation = Bootstrap(Parts).Compare(over, kind, changes);
            Assert.Equal(1, correlation.Predictions.Low, 1e-9);
            Assert.Equal(1, correlation.Predictions.High, 1e-9);
            Assert.InRange(correlation.Losses.Value, -0.4, 0.4);
            Assert.True(correlation.Losses.Low < 0 && correlation.Losses.High > 0);
            Assert.Equal(1 - correlation.Losses.High, correlation.Difference.Low, 1e-9);
        }
    }

    [Fact]
    public void Differences_are_paired()
    {
        var same = Values(3, Parts);

        var correlation = Bootstrap(Parts)
            .Compare(OutputsMeasure.Pooled, OutputsMeasure.Spearman, new(Values(1, Parts), same, same));

        Assert.Equal(
            (0, 0, 0),
            (correlation.Difference.Value, correlation.Difference.Low, correlation.Difference.High)
        );
        Assert.True(correlation.Losses.Low < correlation.Losses.High);
    }

    /// <summary>Twice the same models say as much as once: they are drawn together.</summary>
    [Fact]
    public void Models_on_the_same_part_are_drawn_together()
    {
        var once = new ModelChanges(Values(1, Parts), Values(2, Parts), Values(3, Parts));

        foreach (var (over, kind) in OutputsMeasure.All)
        {
            var expected = Bootstrap(Parts).Compare(over, kind, once);
            var twice = Bootstrap(2 * Parts).Compare(over, kind, once.And(once));
            Assert.Equal(expected.Predictions.Low, twice.Predictions.Low, 1e-9);
            Assert.Equal(expected.Predictions.High, twice.Predictions.High, 1e-9);
        }
    }

    private static CorrelationBootstrap Bootstrap(int models) => new(Queries, models, Parts, draws: 200, seed: 5);

    private static double[][] Values(int seed, int models)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, Queries)
                .Select(_ => Enumerable.Range(0, models).Select(_ => random.NextDouble()).ToArray()),
        ];
    }
}
