using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>U-Net and text encoders as one network, for LoRAs that change both; names as pipelines have them.</summary>
internal sealed class LatentNetwork : nn.Module
{
#pragma warning disable CA1823, IDE0052 // Registered by their names.
    private readonly UNet2DConditionModel unet;
    private readonly ClipTextModel text_encoder;
    private readonly ClipTextModel? text_encoder_2;
#pragma warning restore CA1823, IDE0052

    internal LatentNetwork(UNet2DConditionModel unet, IReadOnlyList<TextEncoder> encoders)
        : base(nameof(LatentNetwork))
    {
        this.unet = unet;
        text_encoder = encoders[0].Network;
        text_encoder_2 = encoders.Count > 1 ? encoders[1].Network : null;
        RegisterComponents();
    }
}
