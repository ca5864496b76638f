using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>A network of a pipeline that a LoRA may change.</summary>
/// <param name="Name">What the pipeline calls it: <see cref="Unet"/>, <see cref="TextEncoder"/> …</param>
internal sealed record LoraComponent(string Name, nn.Module Network)
{
    internal const string Unet = "unet";
    internal const string TextEncoder = "text_encoder";
    internal const string TextEncoder2 = "text_encoder_2";
}
