using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Layers.Logra;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>Which rule a module has.</summary>
internal static class LayerRules
{
    /// <summary>The rule of a module with attributed parameters.</summary>
    /// <param name="module">The module.</param>
    /// <param name="parameters">All attributed parameters.</param>
    /// <param name="attributed">Its attributed parameters: name in the module, position among all.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="LayerNotSupportedException">There is none, or none for a setting of the module.</exception>
    public static ILayerRule For(
        Layer module,
        IReadOnlyList<(string Name, int Position)> attributed,
        AttributedParameters parameters
    )
    {
        // What a module says of itself goes before what is known of its kind.
        if (module is IPerSampleGradients gradients)
            return new ModuleGradientsRule(
                gradients,
                [.. attributed.Select(parameter => (parameter.Name, parameters.Tensors[parameter.Position].shape))]
            );
        LograFactors? factors = null;
        foreach (var (name, position) in attributed)
        {
            if (name is not ("weight" or "bias"))
                throw LayerNotSupportedException.NoRule(module);
            if (name == "weight")
                factors = parameters.Space.Factors(position);
        }

        var rule = factors is null ? Exact(module) : Logra(module, factors);
        return rule ?? throw LayerNotSupportedException.NoRule(module);
    }

    private static ILayerRule? Exact(nn.Module module) =>
        module switch
        {
            Linear => new LinearRule(),
            Conv2d layer => new Conv2dRule(layer, geometry => new PatchProducts(geometry)),
            ConvTranspose2d layer => new ConvTranspose2dRule(layer, geometry => new PatchProducts(geometry)),
            GroupNorm layer => new GroupNormRule(layer),
            LayerNorm layer => new LayerNormRule(layer),
            Embedding layer => new EmbeddingRule(layer),
            _ => null,
        };

    private static ILayerRule? Logra(nn.Module module, LograFactors factors)
    {
        var device = module.parameters().First().device;
        return module switch
        {
            Linear => new LinearLograRule(Matrices()),
            Conv2d layer => new Conv2dRule(layer, geometry => new LograPatchProducts(geometry, Matrices())),
            ConvTranspose2d layer => new ConvTranspose2dRule(
                layer,
                geometry => new LograPatchProducts(geometry, Matrices())
            ),
            Embedding layer => new EmbeddingLograRule(layer, Matrices()),
            _ => null,
        };

        LograMatrices Matrices() => new(factors.Left(device), factors.Right(device));
    }
}
