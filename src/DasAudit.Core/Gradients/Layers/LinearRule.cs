using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Linear layers y = x·Wᵀ + b on [B, I] or [B, …, I]: dW_b = Σ_l δ_bl·a_blᵀ, db_b = Σ_l δ_bl.</summary>
internal class LinearRule(bool usesKernels) : WeightAndBiasRule
{
    protected PatchProducts Products { get; } = new(ConvolutionGeometry.Pointwise, usesKernels);

    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas) =>
        input.dim() == 2
            ? Array.ConvertAll(deltas, delta => new OuterProductGradients(delta, input))
            : Products.Compute(Row(input), Array.ConvertAll(deltas, Row));

    protected override Tensor Bias(Tensor delta) => delta.dim() == 2 ? delta.clone() : delta.flatten(1, -2).sum([1L]);

    /// <summary>[B, …, C] → [B, C, 1, L], a row of pixels.</summary>
    protected static Tensor Row(Tensor positions) =>
        positions.reshape(positions.shape[0], 1, -1, positions.shape[^1]).permute(0, 3, 1, 2);
}
