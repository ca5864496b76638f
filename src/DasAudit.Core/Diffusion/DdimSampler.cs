using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>DDIM (Song et al., 2021, equation 12), as diffusers' DDIMScheduler steps.</summary>
/// <param name="settings">Clipping and the last step's ᾱ.</param>
/// <param name="eta">0 (default) is deterministic, 1 has DDPM's variance.</param>
internal sealed class DdimSampler(
    NoiseSchedule schedule,
    PredictionType type,
    SamplingSettings settings,
    int steps,
    double eta = 0
) : ISampler
{
    private readonly int[] _timesteps = InferenceTimesteps.Create(settings, schedule.TrainTimesteps, steps);

    public IReadOnlyList<double> Times => Array.ConvertAll(_timesteps, timestep => (double)timestep);

    public bool IsStochastic(int step) => eta > 0;

    public (Tensor Previous, Tensor PredictedClean) Step(int step, SamplerState state)
    {
        using var scope = NewDisposeScope();
        var (sample, prediction, _, noise) = state;
        var timestep = _timesteps[step];
        var earlier = timestep - schedule.TrainTimesteps / steps;
        var alphaBar = schedule.AlphasCumprod[timestep];
        var alphaBarEarlier =
            earlier >= 0 ? schedule.AlphasCumprod[earlier]
            : settings.SetAlphaToOne ? 1f
            : schedule.AlphasCumprod[0];

        var (clean, predictedNoise) = Parametrisation.Split(type, prediction, sample, alphaBar);
        clean = Parametrisation.Clip(clean, settings);
        var sigma = (float)eta * MathF.Sqrt((1 - alphaBarEarlier) / (1 - alphaBar) * (1 - alphaBar / alphaBarEarlier));
        var previous =
            MathF.Sqrt(alphaBarEarlier) * clean + MathF.Sqrt(1 - alphaBarEarlier - sigma * sigma) * predictedNoise;
        if (eta > 0)
            previous += sigma * (noise ?? throw new ArgumentNullException(nameof(state)));
        return (previous.MoveToOuterDisposeScope(), clean.MoveToOuterDisposeScope());
    }
}
