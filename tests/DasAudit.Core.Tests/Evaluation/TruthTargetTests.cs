using DasAudit.Abstractions;
using DasAudit.Core.Evaluation;

namespace DasAudit.Core.Tests.Evaluation;

public class TruthTargetTests
{
    private static readonly int[] Timesteps = [10, 400, 500, 900];
    private static readonly double[] Losses = [0.5, 0.2, 0.1, 0.01];
    private static readonly double[] Changes = [0.1, 0.3, 0.2, 0.2];
    private static readonly DiscreteDiffusion Process = new(NoiseSchedule.Linear(1000), PredictionType.Epsilon);

    [Theory]
    [InlineData("simple-loss", (0.5 + 0.2 + 0.1 + 0.01) / 4)]
    [InlineData("low-noise", 0.5)]
    [InlineData("mid-noise", 0.15)]
    [InlineData("high-noise", 0.01)]
    [InlineData("output-change", 0.2)]
    public void It_is_a_mean(string name, double expected) => Assert.Equal(expected, Of(name), 1e-12);

    [Fact]
    public void Of_logarithms_the_less_noisy_half_counts() =>
        Assert.Equal((Math.Log(0.5) + Math.Log(0.2) + Math.Log(0.1)) / 3, Of("log-loss"), 1e-12);

    [Fact]
    public void The_evidence_lower_bound_weighs_by_the_schedule()
    {
        // β_t = 1e-4 + t·(0.02 − 1e-4)/999
        double Beta(int t) => 1e-4 + t * (0.02 - 1e-4) / 999;
        double Weight(int t)
        {
            var product = Enumerable.Range(0, t + 1).Aggregate(1.0, (all, s) => all * (1 - Beta(s)));
            return Beta(t) / (2 * (1 - Beta(t)) * (1 - product));
        }

        var expected = Timesteps.Zip(Losses, (t, loss) => Weight(t) * loss).Average();
        Assert.Equal(expected, Of("elbo"), expected * 1e-4);
    }

    private static double Of(string name) =>
        TruthTarget.All(Process, Timesteps).Single(target => target.Name == name).Of(Losses, Changes);
}
