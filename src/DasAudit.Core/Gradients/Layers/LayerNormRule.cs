using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Layer normalisation y = γ·(a − μ)/σ + β, μ and σ over the last dimensions.</summary>
/// <remarks>dγ_b = Σ_l δ_bl·(a_bl − μ_bl)/σ_bl and dβ_b = Σ_l δ_bl over the positions l before them.</remarks>
internal sealed class LayerNormRule(LayerNorm layer) : WeightAndBiasRule
{
    private readonly long _length = layer.normalized_shape.Aggregate(1L, (product, size) => product * size);

    protected override void Check(Tensor input)
    {
        if (input.dim() <= layer.normalized_shape.Length)
            throw new LayerNotSupportedException("a layer normalisation is called without a batch");
    }

    // [B, …, normalised] → [B, L, N]
    protected override Tensor Arranged(Tensor delta) => delta.reshape(delta.shape[0], -1, _length);

    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas)
    {
        var values = Arranged(input);
        var centred = values - values.mean([2L], keepdim: true);
        var normed = centred * (centred.square().mean([2L], keepdim: true) + layer.eps).rsqrt();
        return Array.ConvertAll(deltas, delta => new DenseGradients((delta * normed).sum([1L])));
    }

    protected override Tensor Bias(Tensor delta) => delta.sum([1L]);
}
