using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Which rule a module has.</summary>
internal static class LayerRules
{
    /// <summary>The rule, or null if there is none for this kind of module.</summary>
    /// <exception cref="LayerNotSupportedException">The module is of a known kind with a setting that its rule does not know.</exception>
    public static ILayerRule? For(nn.Module module) => module switch
    {
        Linear => new LinearRule(),
        Conv2d layer => new Conv2dRule(layer),
        ConvTranspose2d layer => new ConvTranspose2dRule(layer),
        GroupNorm layer => new GroupNormRule(layer),
        LayerNorm layer => new LayerNormRule(layer),
        Embedding layer => new EmbeddingRule(layer),
        _ => null,
    };
}
