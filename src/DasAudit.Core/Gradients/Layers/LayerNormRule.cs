using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Layer normalisation y = γ·(a − μ)/σ + β, μ and σ over the last dimensions: dγ_b = Σ_l δ_bl·(a_bl − μ_bl)/σ_bl and dβ_b = Σ_l δ_bl over
/// the positions l before them.
/// </summary>
internal sealed class LayerNormRule(LayerNorm layer) : ILayerRule
{
    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        if (input.dim() <= layer.normalized_shape.Length)
            throw new LayerNotSupportedException("a layer normalisation is called without a batch");
        var values = Flat(input);
        var centred = values - values.mean([2L], keepdim: true);
        var normed = centred * (centred.square().mean([2L], keepdim: true) + layer.eps).rsqrt();
        return
        [
            .. deltas
                .Select(Flat)
                .Select(delta => new LayerGradients(
                    wanted.Weight ? new DenseGradients((delta * normed).sum([1L])) : null,
                    wanted.Bias ? new DenseGradients(delta.sum([1L])) : null
                )),
        ];
    }

    // [B, …, normalised] → [B, L, N]
    private Tensor Flat(Tensor values) =>
        values.reshape(values.shape[0], -1, layer.normalized_shape.Aggregate(1L, (product, size) => product * size));
}
