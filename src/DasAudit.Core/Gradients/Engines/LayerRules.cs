using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Layers.Logra;
using DasAudit.Core.Numerics;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients.Engines;

internal static class LayerRules
{
    /// <summary>The rule of a module with attributed parameters; the caller disposes it.</summary>
    /// <param name="usesKernels">Whether the processor's own kernels may be used where they fit.</param>
    public static ILayerRule For(
        Layer module,
        IReadOnlyList<(string Name, int Position)> attributed,
        AttributedParameters parameters,
        bool usesKernels
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

        return Known(module, factors, usesKernels) ?? throw LayerNotSupportedException.NoRule(module);
    }

    private static ILayerRule? Known(Layer module, LograFactors? factors, bool usesKernels)
    {
        return module switch
        {
            Linear => factors is null ? new LinearRule(usesKernels) : new LinearLograRule(Matrices(), usesKernels),
            Conv2d layer => new Conv2dRule(layer, Products),
            ConvTranspose2d layer => new ConvTranspose2dRule(layer, Products),
            GroupNorm layer => new GroupNormRule(layer, usesKernels),
            LayerNorm layer => new LayerNormRule(layer),
            Embedding layer => factors is null ? new EmbeddingRule(layer) : new EmbeddingLograRule(layer, Matrices()),
            _ => null,
        };

        IPatchProducts Products(ConvolutionGeometry geometry) =>
            (factors, usesKernels) switch
            {
                (null, _) => new PatchProducts(geometry, usesKernels),
                (_, true) => new LograPatchProducts(geometry, Matrices()),
                (_, false) => new LograConvolutions(geometry, Matrices()),
            };

        LograMatrices Matrices()
        {
            var device = module.parameters().First().device;
            return new(factors.Left(device), factors.Right(device));
        }
    }
}
