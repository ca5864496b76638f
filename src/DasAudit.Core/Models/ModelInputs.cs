using DasAudit.Abstractions;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Models;

/// <summary>Pictures and conditions as tensors on a model's device, in the caller's dispose scope.</summary>
internal static class ModelInputs
{
    /// <summary>
    /// x₀ in the space that the network denoises: float32 [1, C, H, W], or [K, C, H, W] for a picture that is followed along K
    /// timesteps of its sampling.
    /// </summary>
    public static Tensor Clean(this IDiffusionModel model, ModelPicture picture)
    {
        using var noGradient = no_grad();
        if (picture.Trajectory is { } steps)
            return stack(steps.Select(step => tensor(step, Dimensions(model.SampleShape)))).to(model.Device());
        var pixels = tensor(picture.Read(), [1, .. Dimensions(model.PictureShape)]);
        return model.Encode(pixels.to(model.Device()));
    }

    /// <summary>An x₀ of zeros, float32 [1, C, H, W].</summary>
    public static Tensor Blank(this IDiffusionModel model) =>
        zeros([1, .. Dimensions(model.SampleShape)], device: model.Device());

    /// <summary>A condition, encoded, first dimension 1; null for an unconditional model.</summary>
    public static Tensor? EncodeCondition(this IDiffusionModel model, Condition? condition) =>
        condition is null ? null : (model as IConditioned)?.EncodeConditions([condition]);

    private static long[] Dimensions(ImageShape shape) => [shape.Channels, shape.Height, shape.Width];
}
