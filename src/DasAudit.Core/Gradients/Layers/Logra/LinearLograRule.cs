using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Linear layers: Σ_l (P_Oᵀδ_l)·(P_Iᵀa_l)ᵀ.</summary>
internal sealed class LinearLograRule(LograMatrices matrices, bool usesKernels) : LinearRule(usesKernels)
{
    protected override IDisposable Owned => matrices;

    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas)
    {
        var picture = Row(LograMatrices.Product(input, matrices.Right));
        var values = Array.ConvertAll(deltas, delta => Row(LograMatrices.Product(delta, matrices.Left)));
        return Array.ConvertAll(Products.Products(picture, values), product => new DenseGradients(product.flatten(2)));
    }
}
