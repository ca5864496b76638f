using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>What samplers share: from any parametrisation to (x₀, ε).</summary>
internal static class Parametrisation
{
    /// <summary>x₀ and ε from a prediction; new tensors in the current dispose scope.</summary>
    public static (Tensor Clean, Tensor Noise) Split(
        PredictionType type,
        Tensor prediction,
        Tensor sample,
        float alphaBar
    ) => Split(type, prediction, sample, MathF.Sqrt(alphaBar), MathF.Sqrt(1 - alphaBar));

    /// <summary>The same for x = <paramref name="signal"/>·x₀ + <paramref name="sigma"/>·ε.</summary>
    public static (Tensor Clean, Tensor Noise) Split(
        PredictionType type,
        Tensor prediction,
        Tensor sample,
        float signal,
        float sigma
    ) =>
        type switch
        {
            PredictionType.Epsilon => ((sample - sigma * prediction) / signal, prediction.alias()),
            PredictionType.Sample => (prediction.alias(), (sample - signal * prediction) / sigma),
            _ => (signal * sample - sigma * prediction, signal * prediction + sigma * sample),
        };

    public static Tensor Clip(Tensor clean, SamplingSettings settings) =>
        settings.ClipSample ? clean.clamp(-settings.ClipSampleRange, settings.ClipSampleRange) : clean;
}
