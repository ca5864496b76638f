using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>The scalars of a prediction whose gradients are taken, in the order of <see cref="PerSample"/>.</summary>
internal static class OutputFunctions
{
    /// <summary>Index of (1/d)·1ᵀε̂, the mean prediction.</summary>
    public const int Output = 0;

    /// <summary>Index of (1/d)·‖ε̂ − y‖², the training loss.</summary>
    public const int Loss = 1;

    /// <summary>Number of functions.</summary>
    public const int Count = 2;

    /// <summary>Every function of every sample, each float32 [B].</summary>
    public static Tensor[] PerSample(Tensor prediction, Tensor target) =>
        [prediction.flatten(1).mean([1]), (prediction - target).square().flatten(1).mean([1])];
}
