using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>The steps of a reverse diffusion process over a grid of times.</summary>
internal interface ISampler
{
    /// <summary>
    /// The time of each step, descending. Whole numbers are training timesteps; the others lie between two.
    /// </summary>
    IReadOnlyList<double> Times { get; }

    /// <summary>Standard deviation of the noise that sampling starts from.</summary>
    float InitialSigma => 1;

    /// <summary>Whether a step needs noise.</summary>
    bool IsStochastic(int step) => false;

    /// <summary>What the network is shown of a sample at a step; the caller disposes it.</summary>
    Tensor Input(int step, Tensor sample) => sample.alias();

    /// <summary>One step, from a sample to the next one.</summary>
    /// <param name="step">Position in <see cref="Times"/>.</param>
    /// <returns>The next sample and the predicted clean one; the caller disposes both.</returns>
    (Tensor Previous, Tensor PredictedClean) Step(int step, SamplerState state);
}

/// <summary>What a sampler steps from.</summary>
/// <param name="Sample">x at this step, [N, C, H, W].</param>
/// <param name="Prediction">The network's output for what <see cref="ISampler.Input"/> showed it.</param>
/// <param name="EarlierClean">The clean sample that the step before predicted; null at the first step.</param>
/// <param name="Noise">N(0, 1) where <see cref="ISampler.IsStochastic"/>; otherwise ignored.</param>
internal readonly record struct SamplerState(
    Tensor Sample,
    Tensor Prediction,
    Tensor? EarlierClean = null,
    Tensor? Noise = null
);
