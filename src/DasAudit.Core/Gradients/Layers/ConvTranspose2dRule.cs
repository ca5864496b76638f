using DasAudit.Core.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Convolutions from output to input: dW_b = Σ over the input's positions of a_b·(patch of δ_b)ᵀ.</summary>
internal sealed class ConvTranspose2dRule(ConvTranspose2d layer, Func<ConvolutionGeometry, IPatchProducts> products)
    : ConvolutionRule(products(ConvolutionGeometry.Of(layer)))
{
    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas)
    {
        Tensor[] values = [Products.Prepared(input)];
        return Array.ConvertAll(deltas, delta => Products.Compute(delta, values)[0]);
    }
}
