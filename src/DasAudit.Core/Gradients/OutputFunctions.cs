using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>Scalars of each sample: given the prediction and its target, float32 [B, C, H, W], one value a sample, float32 [B].</summary>
internal delegate Tensor OutputFunction(Tensor prediction, Tensor target);

/// <summary>The scalars whose gradients are taken.</summary>
internal static class OutputFunctions
{
    /// <summary>What a <see cref="PictureFeature"/> needs: the mean prediction, then the training loss.</summary>
    public static IReadOnlyList<OutputFunction> All { get; } = [Mean, Loss];

    /// <summary>(1/d)·1ᵀε̂, the mean prediction.</summary>
    public static Tensor Mean(Tensor prediction, Tensor target) => prediction.flatten(1).mean([1]);

    /// <summary>(1/d)·‖ε̂ − y‖², the training loss.</summary>
    public static Tensor Loss(Tensor prediction, Tensor target) => (prediction - target).square().flatten(1).mean([1]);
}
