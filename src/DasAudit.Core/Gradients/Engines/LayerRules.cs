using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Layers.Logra;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>Which rule a module has.</summary>
internal static class LayerRules
{
    /// <summary>The rule, or null if there is none for this kind of module. A disposable rule is the caller's to dispose.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weight">LoGra's matrices of its weight; null if its gradient's coordinates are its values, or it is not attributed.</param>
    /// <exception cref="LayerNotSupportedException">The module is of a known kind with a setting that its rule does not know.</exception>
    public static ILayerRule? For(nn.Module module, LograFactors? weight) =>
        weight is null ? Exact(module) : Logra(module, weight);

    private static ILayerRule? Exact(nn.Module module) =>
        module switch
        {
            Linear => new LinearRule(),
            Conv2d layer => new Conv2dRule(layer),
            ConvTranspose2d layer => new ConvTranspose2dRule(layer),
            GroupNorm layer => new GroupNormRule(layer),
            LayerNorm layer => new LayerNormRule(layer),
            Embedding layer => new EmbeddingRule(layer),
            _ => null,
        };

    private static LograRule? Logra(nn.Module module, LograFactors weight)
    {
        var device = module.parameters().First().device;
        return module switch
        {
            Linear => new LinearLograRule(weight.Left(device), weight.Right(device)),
            Conv2d layer => new Conv2dLograRule(layer, weight.Left(device), weight.Right(device)),
            ConvTranspose2d layer => new ConvTranspose2dLograRule(layer, weight.Left(device), weight.Right(device)),
            Embedding layer => new EmbeddingLograRule(layer, weight.Left(device), weight.Right(device)),
            _ => null,
        };
    }
}
