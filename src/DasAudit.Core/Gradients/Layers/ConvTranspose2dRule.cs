using DasAudit.Core.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Transposed two-dimensional convolutions, which are convolutions from the output to the input: dW_b = Σ over the input's positions of
/// a_b·(patch of δ_b)ᵀ, and db_b = Σ δ_b.
/// </summary>
internal sealed class ConvTranspose2dRule(ConvTranspose2d layer) : ILayerRule
{
    private readonly PatchProducts _products = new(ConvolutionGeometry.Of(layer));

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        if (input.dim() != 4)
            throw new LayerNotSupportedException("a convolution is called without a batch");
        return
        [
            .. deltas.Select(delta => new LayerGradients(
                wanted.Weight ? _products.Compute(delta, [input])[0] : null,
                wanted.Bias ? new DenseGradients(delta.sum([2L, 3L])) : null
            )),
        ];
    }

    /// <summary>The weight's gradients in the order of <see cref="PatchProducts.Products"/>.</summary>
    public Tensor Products(Tensor input, Tensor delta) => _products.Products(delta, [input])[0];
}
