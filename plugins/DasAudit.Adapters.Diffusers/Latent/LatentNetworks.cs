using DasAudit.Adapters.Diffusers.Checkpoints;
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

    /// <summary>Builds them, without the values of their parameters.</summary>
    internal static LatentNetworks Build(ILatentSource source, LatentConfigs configs)
    {
        var built = new List<nn.Module>();
        try
        {
            return new(
                Add(source.UnetConfig, () => new UNet2DConditionModel(configs.Unet)),
                Add(source.VaeConfig, () => new AutoencoderKL(configs.Vae)),
                [
                    .. source.TextEncoders.Zip(
                        configs.TextEncoders,
                        (part, config) => Add(part.Config, () => new ClipTextModel(config))
                    ),
                ]
            );
        }
        catch
        {
            built.ForEach(network => network.Dispose());
            throw;
        }

        T Add<T>(JsonConfig json, Func<T> build)
            where T : nn.Module
        {
            var network = NetworkBuilder.Build(json, build);
            built.Add(network);
            return network;
        }
    }

    public void Dispose()
    {
        foreach (var network in All)
            network.Dispose();
    }
}
