using DasAudit.Core.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Two-dimensional convolutions: dW_b = Σ over positions of δ_b·(patch of a_b)ᵀ.</summary>
internal sealed class Conv2dRule(Conv2d layer, Func<ConvolutionGeometry, IPatchProducts> products)
    : ConvolutionRule(products(Geometry(layer)))
{
    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas) =>
        Products.Compute(Padded(input), Array.ConvertAll(deltas, Products.Prepared));

    // Padding with anything but zeros is done before.
    private static ConvolutionGeometry Geometry(Conv2d layer)
    {
        var geometry = ConvolutionGeometry.Of(layer);
        return layer.padding_mode == PaddingModes.Zeros ? geometry : geometry.Unpadded;
    }

    private Tensor Padded(Tensor input)
    {
        if (layer.padding_mode == PaddingModes.Zeros)
            return input;
        var geometry = ConvolutionGeometry.Of(layer);
        var (before, after) = (geometry.Before, geometry.After);
        return nn.functional.pad(input, [before.X, after.X, before.Y, after.Y], layer.padding_mode);
    }
}
