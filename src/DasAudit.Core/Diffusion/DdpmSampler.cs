using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>Ancestral sampling (Ho et al., 2020, equations 6 and 7), as diffusers' DDPMScheduler steps.</summary>
/// <param name="settings">Clipping and the variance type.</param>
internal sealed class DdpmSampler(NoiseSchedule schedule, PredictionType type, SamplingSettings settings, int steps)
    : ISampler
{
    private readonly int[] _timesteps = InferenceTimesteps.Create(settings, schedule.TrainTimesteps, steps);

    public IReadOnlyList<double> Times => Array.ConvertAll(_timesteps, timestep => (double)timestep);

    public bool IsStochastic(int step) => _timesteps[step] > 0;

    public (Tensor Previous, Tensor PredictedClean) Step(int step, SamplerState state)
    {
        using var scope = NewDisposeScope();
        var (sample, prediction, _, noise) = state;
        var timestep = _timesteps[step];
        var earlier = timestep - schedule.TrainTimesteps / steps;
        // In float32, as the reference: 1 − α cancels, and double would differ from it in the fifth place.
        var alphaBar = schedule.AlphasCumprod[timestep];
        var alphaBarEarlier = earlier >= 0 ? schedule.AlphasCumprod[earlier] : 1f;
        var alpha = alphaBar / alphaBarEarlier;
        var beta = 1 - alpha;

        var clean = Parametrisation.Clip(Parametrisation.Split(type, prediction, sample, alphaBar).Clean, settings);
        var previous =
            MathF.Sqrt(alphaBarEarlier) * beta / (1 - alphaBar) * clean
            + MathF.Sqrt(alpha) * (1 - alphaBarEarlier) / (1 - alphaBar) * sample;
        if (timestep > 0)
        {
            var variance =
                settings.VarianceType == VarianceType.FixedLarge ? beta : (1 - alphaBarEarlier) / (1 - alphaBar) * beta;
            previous +=
                MathF.Sqrt(MathF.Max(variance, 1e-20f)) * (noise ?? throw new ArgumentNullException(nameof(state)));
        }

        return (previous.MoveToOuterDisposeScope(), clean.MoveToOuterDisposeScope());
    }
}
