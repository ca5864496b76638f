using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>What the networks of a latent model are built from.</summary>
/// <param name="TextEncoders">In the order in which their embeddings stand side by side.</param>
internal sealed record LatentConfigs(
    UNet2DConditionConfig Unet,
    AutoencoderKLConfig Vae,
    IReadOnlyList<ClipTextConfig> TextEncoders
)
{
    internal static LatentConfigs Read(ILatentSource source) =>
        new(
            UNet2DConditionConfig.Read(source.UnetConfig),
            AutoencoderKLConfig.Read(source.VaeConfig),
            [.. source.TextEncoders.Select(encoder => encoder.Read())]
        );
}
