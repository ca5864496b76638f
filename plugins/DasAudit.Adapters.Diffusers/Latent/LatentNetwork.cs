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

    internal LatentNetwork(LatentNetworks networks)
        : base(nameof(LatentNetwork))
    {
        unet = networks.Unet;
        text_encoder = networks.TextEncoders[0];
        text_encoder_2 = networks.TextEncoders.ElementAtOrDefault(1);
        RegisterComponents();
    }
}
