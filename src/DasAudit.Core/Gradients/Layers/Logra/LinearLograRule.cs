using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Linear layers: Σ_l (P_Oᵀδ_l)·(P_Iᵀa_l)ᵀ.</summary>
internal sealed class LinearLograRule(Tensor left, Tensor right) : LograRule(new LinearRule(), left, right)
{
    private readonly PatchProducts _products = new(ConvolutionGeometry.Pointwise);

    protected override Tensor[] Weights(Tensor input, Tensor[] deltas) =>
        [
            .. _products
                .Products(Row(Times(input, Right)), [.. deltas.Select(delta => Row(Times(delta, Left)))])
                .Select(products => products.flatten(2)),
        ];

    // [B, …, C] → [B, C, 1, L], a row of pixels
    private static Tensor Row(Tensor values) =>
        values.reshape(values.shape[0], 1, -1, values.shape[^1]).permute(0, 3, 1, 2);
}
