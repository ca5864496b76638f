using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Linear layers y = x·Wᵀ + b on [B, I] or [B, …, I]: dW_b = Σ_l δ_bl·a_blᵀ, db_b = Σ_l δ_bl.</summary>
internal sealed class LinearRule : ILayerRule
{
    private readonly PatchProducts _products = new(ConvolutionGeometry.Pointwise);

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        if (input.dim() == 2)
        {
            return
            [
                .. deltas.Select(delta => new LayerGradients(
                    wanted.Weight ? new OuterProductGradients(delta, input) : null,
                    wanted.Bias ? new DenseGradients(delta.clone()) : null
                )),
            ];
        }

        var positions = deltas.Select(delta => delta.flatten(1, -2)).ToArray();
        var weights = wanted.Weight ? _products.Compute(Row(input.flatten(1, -2)), [.. positions.Select(Row)]) : null;
        return
        [
            .. positions.Select(
                (delta, f) => new LayerGradients(weights?[f], wanted.Bias ? new DenseGradients(delta.sum([1L])) : null)
            ),
        ];
    }

    // [B, L, C] → [B, C, 1, L], a row of pixels
    private static Tensor Row(Tensor positions) => positions.transpose(1, 2).unsqueeze(2);
}
