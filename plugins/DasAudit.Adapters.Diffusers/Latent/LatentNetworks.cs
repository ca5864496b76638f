using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>The networks of a latent, text-conditioned model.</summary>
/// <param name="TextEncoders">In the order in which their embeddings stand side by side.</param>
internal sealed record LatentNetworks(
    UNet2DConditionModel Unet,
    AutoencoderKL Vae,
    IReadOnlyList<ClipTextModel> TextEncoders
) : IDisposable
{
    internal IEnumerable<nn.Module> All => [Unet, Vae, .. TextEncoders];

    internal long WeightBytes =>
        All.SelectMany(network => network.parameters()).Sum(parameter => parameter.numel() * parameter.ElementSize);

    public void Dispose()
    {
        foreach (var network in All)
            network.Dispose();
    }
}
