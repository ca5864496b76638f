using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Models;

/// <summary>A picture as a model takes it.</summary>
internal static class PictureInputs
{
    /// <summary>x₀, float32 [1, C, H, W] in the space that the network denoises, in the caller's dispose scope.</summary>
    public static Tensor Clean(this IDiffusionModel model, FeaturePicture picture)
    {
        using var noGradient = no_grad();
        var shape = model.PictureShape;
        return model.Encode(
            tensor(picture.Read(), [1, shape.Channels, shape.Height, shape.Width])
                .to(model.Network.parameters().First().device)
        );
    }

    /// <summary>Its condition, encoded, first dimension 1; null for an unconditional model.</summary>
    public static Tensor? Condition(this IDiffusionModel model, FeaturePicture picture) =>
        model is IConditioned conditioned && picture.Condition is { } wanted
            ? conditioned.EncodeConditions([wanted])
            : null;
}
