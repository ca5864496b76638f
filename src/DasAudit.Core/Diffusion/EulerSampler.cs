using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>
/// Euler's method over σ (Karras et al., 2022, algorithm 2 without churn), as diffusers' EulerDiscreteScheduler steps.
/// Its samples are x₀ + σ·ε.
/// </summary>
internal sealed class EulerSampler(NoiseSchedule schedule, PredictionType type, SamplingSettings settings, int steps)
    : ISampler
{
    private readonly SigmaGrid _grid = SigmaGrid.Euler(schedule, settings, steps);

    public IReadOnlyList<double> Times => _grid.Times;

    /// <summary>σ of each step and of the end.</summary>
    public IReadOnlyList<float> Sigmas => _grid.Sigmas;

    public float InitialSigma =>
        settings.TimestepSpacing == TimestepSpacing.Leading ? Length(_grid.Sigmas[0]) : _grid.Sigmas[0];

    public Tensor Input(int step, Tensor sample) => sample / Length(_grid.Sigmas[step]);

    public (Tensor Previous, Tensor PredictedClean) Step(int step, SamplerState state)
    {
        using var scope = NewDisposeScope();
        var (sample, prediction, _, _) = state;
        var sigma = _grid.Sigmas[step];
        var clean = type switch
        {
            PredictionType.Epsilon => sample - sigma * prediction,
            PredictionType.Sample => prediction.alias(),
            _ => prediction * (-sigma / Length(sigma)) + sample / (sigma * sigma + 1),
        };
        var derivative = (sample - clean) / sigma;
        var previous = sample + derivative * (_grid.Sigmas[step + 1] - sigma);
        return (previous.MoveToOuterDisposeScope(), clean.MoveToOuterDisposeScope());
    }

    private static float Length(float sigma) => MathF.Sqrt(sigma * sigma + 1);
}
