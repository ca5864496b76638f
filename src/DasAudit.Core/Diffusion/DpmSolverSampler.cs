using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>
/// DPM-Solver++ 2M (Lu et al., 2022, algorithm 2), as diffusers' DPMSolverMultistepScheduler steps with its defaults:
/// of the second order by midpoints, of the first at the first step and, if there are few, at the last.
/// </summary>
internal sealed class DpmSolverSampler(
    NoiseSchedule schedule,
    PredictionType type,
    SamplingSettings settings,
    int steps
) : ISampler
{
    private const int FewSteps = 15;

    private readonly SigmaGrid _grid = SigmaGrid.DpmSolver(schedule, settings, steps);

    public IReadOnlyList<double> Times => _grid.Times;

    public (Tensor Previous, Tensor PredictedClean) Step(int step, SamplerState state)
    {
        using var scope = NewDisposeScope();
        var (sample, prediction, earlierClean, _) = state;
        var (signal, sigma) = Mixture(step);
        var clean = Parametrisation.Split(type, prediction, sample, (float)signal, (float)sigma).Clean;
        if (_grid.Sigmas[step + 1] == 0)
            return (clean.clone().MoveToOuterDisposeScope(), clean.MoveToOuterDisposeScope());

        var (nextSignal, nextSigma) = Mixture(step + 1);
        var length = LogSnr(step + 1) - LogSnr(step);
        var towards = clean;
        if (earlierClean is not null && !IsLastOfFew(step))
        {
            var ratio = (LogSnr(step) - LogSnr(step - 1)) / length;
            towards = clean + (clean - earlierClean) * (0.5 / ratio);
        }
        var previous = sample * (nextSigma / sigma) - towards * (nextSignal * (Math.Exp(-length) - 1));
        return (previous.MoveToOuterDisposeScope(), clean.MoveToOuterDisposeScope());
    }

    private bool IsLastOfFew(int step) => step == steps - 1 && steps < FewSteps;

    // α and σ of x = α·x₀ + σ·ε.
    private (double Signal, double Sigma) Mixture(int step)
    {
        double sigma = _grid.Sigmas[step];
        var signal = 1 / Math.Sqrt(sigma * sigma + 1);
        return (signal, sigma * signal);
    }

    // λ = log(α/σ)
    private double LogSnr(int step) => -Math.Log(_grid.Sigmas[step]);
}
