using DasAudit.Core.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Two-dimensional convolutions: dW_b = Σ over positions of δ_b·(patch of a_b)ᵀ, and db_b = Σ δ_b.</summary>
internal sealed class Conv2dRule : ILayerRule
{
    private readonly PaddingModes _mode;
    private readonly long[] _padding;
    private readonly PatchProducts _products;

    public Conv2dRule(Conv2d layer)
    {
        var geometry = ConvolutionGeometry.Of(layer);
        (_mode, _padding) = (
            layer.padding_mode,
            [geometry.Before.X, geometry.After.X, geometry.Before.Y, geometry.After.Y]
        );
        _products = new(_mode == PaddingModes.Zeros ? geometry : geometry.Unpadded);
    }

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        if (input.dim() != 4)
            throw new LayerNotSupportedException("a convolution is called without a batch");
        var weights = wanted.Weight ? _products.Compute(Padded(input), deltas) : null;
        return
        [
            .. deltas.Select(
                (delta, f) =>
                    new LayerGradients(weights?[f], wanted.Bias ? new DenseGradients(delta.sum([2L, 3L])) : null)
            ),
        ];
    }

    /// <summary>The weight's gradients in the order of <see cref="PatchProducts.Products"/>.</summary>
    public Tensor[] Products(Tensor input, Tensor[] deltas) => _products.Products(Padded(input), deltas);

    private Tensor Padded(Tensor input) =>
        _mode == PaddingModes.Zeros ? input : nn.functional.pad(input, _padding, _mode);
}
