using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Diffusion;

/// <summary>
/// DPM-Solver++ 2M against algorithm 2 of Lu et al., 2022, written out in double precision, on data of which the right
/// prediction is known: x₀ ~ N(m, s²), whose samples stay at their place in the distribution.
/// </summary>
public sealed class DpmSolverSamplerTests
{
    private const double Mean = 0.7;
    private const double Deviation = 0.4;
    private const double Place = 1.3;

    private static readonly NoiseSchedule Schedule = NoiseSchedule.ScaledLinear(1000);

    [Theory]
    [InlineData(8, false, PredictionType.Epsilon)]
    [InlineData(20, false, PredictionType.Epsilon)]
    [InlineData(20, true, PredictionType.Velocity)]
    [InlineData(9, true, PredictionType.Sample)]
    public void It_steps_as_the_papers_algorithm(int steps, bool endsAtSmallestSigma, PredictionType type)
    {
        var settings = new SamplingSettings { EndsAtSmallestSigma = endsAtSmallestSigma, StepsOffset = 1 };
        var grid = SigmaGrid.DpmSolver(Schedule, settings, steps);

        Assert.Equal(Paper(grid.Sigmas), Sample(settings, steps, type), 2e-5);
    }

    [Fact]
    public void The_error_falls_with_the_square_of_the_number_of_steps() =>
        Assert.All(Ratios(forgets: false), ratio => Assert.InRange(ratio, 3, 6));

    [Fact]
    public void Without_the_earlier_prediction_it_is_of_the_first_order() =>
        Assert.All(Ratios(forgets: true), ratio => Assert.InRange(ratio, 1.6, 2.6));

    // By what the error falls with twice the steps, each half as long in λ: 4 for the second order, 2 for the first.
    private static double[] Ratios(bool forgets)
    {
        var settings = new SamplingSettings { EndsAtSmallestSigma = true, KarrasSigmas = true };

        double Error(int steps) =>
            Math.Abs(Sample(settings, steps, PredictionType.Epsilon, forgets) - Exact(settings, steps));

        return [Error(20) / Error(40), Error(25) / Error(50)];
    }

    // The sampler on one value, with its float32 samples and a prediction that is right at the grid's σ.
    private static double Sample(SamplingSettings settings, int steps, PredictionType type, bool forgets = false)
    {
        using var scope = NewDisposeScope();
        var sampler = new DpmSolverSampler(Schedule, type, settings, steps);
        var sigmas = SigmaGrid.DpmSolver(Schedule, settings, steps).Sigmas;
        var sample = tensor(new[] { (float)Along(sigmas[0]) }).view(1, 1, 1, 1);
        Tensor? earlier = null;
        for (var step = 0; step < steps; step++)
        {
            var (alpha, sigma) = Mixture(sigmas[step]);
            var clean = Clean(sample.item<float>(), alpha, sigma);
            var noise = (sample.item<float>() - alpha * clean) / sigma;
            var prediction = type switch
            {
                PredictionType.Epsilon => noise,
                PredictionType.Sample => clean,
                _ => alpha * noise - sigma * clean,
            };
            (sample, var predicted) = sampler.Step(step, new(sample, full_like(sample, prediction), earlier));
            earlier = forgets ? null : predicted;
        }
        return sample.item<float>();
    }

    private static double Paper(IReadOnlyList<float> sigmas)
    {
        var steps = sigmas.Count - 1;
        var x = Along(sigmas[0]);
        var predictions = new double[steps];
        for (var i = 1; i <= steps; i++)
        {
            var (alphaBefore, sigmaBefore) = Mixture(sigmas[i - 1]);
            var (alpha, sigma) = Mixture(sigmas[i]);
            predictions[i - 1] = Clean(x, alphaBefore, sigmaBefore);
            if (sigmas[i] == 0)
                return predictions[i - 1];
            double Lambda(int index) => Math.Log(Mixture(sigmas[index]).Alpha / Mixture(sigmas[index]).Sigma);
            var h = Lambda(i) - Lambda(i - 1);
            var d = predictions[i - 1];
            if (i > 1 && !(i == steps && steps < 15))
            {
                var r = (Lambda(i - 1) - Lambda(i - 2)) / h;
                d = (1 + 1 / (2 * r)) * predictions[i - 1] - 1 / (2 * r) * predictions[i - 2];
            }
            x = sigma / sigmaBefore * x - alpha * (Math.Exp(-h) - 1) * d;
        }
        return x;
    }

    private static double Exact(SamplingSettings settings, int steps) =>
        Along(SigmaGrid.DpmSolver(Schedule, settings, steps).Sigmas[^1]);

    // The probability flow keeps a sample's place among the deviations of its time's normal distribution.
    private static double Along(double sigmaOverAlpha)
    {
        var (alpha, sigma) = Mixture(sigmaOverAlpha);
        return alpha * Mean + Math.Sqrt(alpha * alpha * Deviation * Deviation + sigma * sigma) * Place;
    }

    // E[x₀ | x_t]
    private static double Clean(double x, double alpha, double sigma)
    {
        var gain = alpha * Deviation * Deviation / (alpha * alpha * Deviation * Deviation + sigma * sigma);
        return Mean + gain * (x - alpha * Mean);
    }

    private static (double Alpha, double Sigma) Mixture(double sigmaOverAlpha)
    {
        var alpha = 1 / Math.Sqrt(sigmaOverAlpha * sigmaOverAlpha + 1);
        return (alpha, sigmaOverAlpha * alpha);
    }
}
