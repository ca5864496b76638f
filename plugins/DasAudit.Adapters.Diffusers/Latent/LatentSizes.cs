using System.Globalization;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Vae;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>The sizes of a latent model's pictures.</summary>
/// <param name="Sample">Of the latents that the U-Net denoises.</param>
/// <param name="SideMultiple">What sides of pictures must be multiples of.</param>
internal sealed record LatentSizes(ImageShape Sample, ImageShape Picture, int SideMultiple)
{
    private const int DefaultLatentSize = 64;
    private const int DefaultXlLatentSize = 128;

    /// <summary>A sentence on what was assumed; null for nothing.</summary>
    internal string? Note { get; private init; }

    /// <param name="resolution">The side of square pictures that is asked for; null for the model's own.</param>
    internal static LatentSizes Of(LatentConfigs configs, int? resolution)
    {
        var (unet, vae) = (configs.Unet, configs.Vae);
        if (resolution is { } pixels)
            return Asked(pixels, unet, vae);
        if (unet.SampleSize is { } size)
            return Of(unet, vae, size.Height, size.Width);
        var assumed = unet.AdditionTimeEmbedDim is null ? DefaultLatentSize : DefaultXlLatentSize;
        var sizes = Of(unet, vae, assumed, assumed);
        return sizes with { Note = Assumption(sizes.Picture) };
    }

    private static LatentSizes Asked(int resolution, UNet2DConditionConfig unet, AutoencoderKLConfig vae)
    {
        var size = resolution / vae.DownsamplingFactor;
        var sizes = Of(unet, vae, size, size);
        return resolution % sizes.SideMultiple == 0
            ? sizes
            : throw new AuditException(
                $"{ModelLoadOptions.ResolutionName} {resolution} is no multiple of {sizes.SideMultiple}, which the "
                    + "model's levels need; choose one that is."
            );
    }

    private static LatentSizes Of(UNet2DConditionConfig unet, AutoencoderKLConfig vae, int height, int width)
    {
        var factor = vae.DownsamplingFactor;
        // Every level of the U-Net but the last halves its picture.
        var multiple = factor << (unet.Levels - 1);
        return new(new(unet.InChannels, height, width), new(vae.InChannels, height * factor, width * factor), multiple);
    }

    private static string Assumption(ImageShape picture) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"No file states the size of the pictures that the model was trained with; {picture.Width}×"
        ) + string.Create(CultureInfo.InvariantCulture, $"{picture.Height} was assumed.");
}
