using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>What the rules of two-dimensional convolutions share: db_b = Σ δ_b over the positions.</summary>
/// <param name="products">What the weight's gradients are made of; owned by this.</param>
internal abstract class ConvolutionRule(IPatchProducts products) : WeightAndBiasRule
{
    protected IPatchProducts Products => products;

    protected override IDisposable Owned => products;

    protected override void Check(Tensor input)
    {
        if (input.dim() != 4)
            throw new LayerNotSupportedException("a convolution is called without a batch");
    }

    protected override Tensor Bias(Tensor delta) => delta.sum([2L, 3L]);
}
