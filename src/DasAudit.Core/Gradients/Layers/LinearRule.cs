using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Linear layers y = x·Wᵀ + b on [B, I] or [B, …, I]: dW_b = Σ_l δ_bl·a_blᵀ, db_b = Σ_l δ_bl.</summary>
internal sealed class LinearRule : ILayerRule
{
    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        var inputs = input.dim() == 2 ? input : input.flatten(1, -2);
        return [.. deltas.Select(delta => delta.dim() == 2 ? OnePosition(inputs, delta, wanted) : ManyPositions(inputs, delta.flatten(1, -2), wanted))];
    }

    private static LayerGradients OnePosition(Tensor input, Tensor delta, WantedParameters wanted) => new(
        wanted.Weight ? new OuterProductGradients(delta, input) : null,
        wanted.Bias ? new DenseGradients(delta) : null);

    private static LayerGradients ManyPositions(Tensor input, Tensor delta, WantedParameters wanted) => new(
        wanted.Weight ? new DenseGradients(delta.transpose(1, 2).bmm(input)) : null,
        wanted.Bias ? new DenseGradients(delta.sum([1L])) : null);
}
