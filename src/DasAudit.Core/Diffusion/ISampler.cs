using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>One reverse step of a diffusion process.</summary>
internal interface ISampler
{
    /// <summary>Whether the step from this timestep needs noise.</summary>
    bool IsStochastic(int timestep);

    /// <summary>From x_t to the sample one inference step earlier.</summary>
    /// <param name="prediction">The network's output at sample and timestep, [N, C, H, W].</param>
    /// <param name="noise">N(0, 1) of the same shape where <see cref="IsStochastic"/>; otherwise ignored.</param>
    /// <returns>The previous sample and the predicted clean one; the caller disposes both.</returns>
    (Tensor Previous, Tensor PredictedClean) Step(Tensor prediction, int timestep, Tensor sample, Tensor? noise);
}

/// <summary>What the two samplers share: from any parametrisation to (x₀, ε).</summary>
internal static class Parametrisation
{
    /// <summary>x₀ and ε from a prediction; new tensors in the current dispose scope.</summary>
    public static (Tensor Clean, Tensor Noise) Split(
        PredictionType type,
        Tensor prediction,
        Tensor sample,
        float alphaBar
    )
    {
        var (signal, sigma) = (MathF.Sqrt(alphaBar), MathF.Sqrt(1 - alphaBar));
        return type switch
        {
            PredictionType.Epsilon => ((sample - sigma * prediction) / signal, prediction.alias()),
            PredictionType.Sample => (prediction.alias(), (sample - signal * prediction) / sigma),
            _ => (signal * sample - sigma * prediction, signal * prediction + sigma * sample),
        };
    }

    public static Tensor Clip(Tensor clean, SamplingSettings settings) =>
        settings.ClipSample ? clean.clamp(-settings.ClipSampleRange, settings.ClipSampleRange) : clean;
}
