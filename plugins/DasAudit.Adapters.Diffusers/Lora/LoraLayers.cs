using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The layers of a network that can have a LoRA: linear layers and convolutions without groups.</summary>
internal sealed class LoraLayers
{
    private readonly Dictionary<string, Layer> _layers;

    private LoraLayers(Dictionary<string, Layer> layers) => _layers = layers;

    /// <summary>Their names in the network.</summary>
    internal IEnumerable<string> Names => _layers.Keys;

    internal static LoraLayers Of(nn.Module network) =>
        new(
            network
                .named_modules()
                .Where(named => named.module is Linear or Conv2d { groups: 1 } && !LoraNames.IsLora(named.name))
                .ToDictionary(named => named.name, named => (Layer)named.module, StringComparer.Ordinal)
        );

    internal Layer? Find(string name) => _layers.GetValueOrDefault(name);
}
