using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Two-dimensional convolutions: Σ over positions of (P_Oᵀδ)·(P_Iᵀ(patch of a))ᵀ.</summary>
internal sealed class Conv2dLograRule : ConvolutionLograRule
{
    private readonly Conv2dRule _exact;

    public Conv2dLograRule(Conv2d layer, Tensor left, Tensor right)
        : this(layer, new(layer), left, right) { }

    private Conv2dLograRule(Conv2d layer, Conv2dRule exact, Tensor left, Tensor right)
        : base(layer, exact, left, right) => _exact = exact;

    protected override Tensor[] Weights(Tensor input, Tensor[] deltas) =>
        [.. _exact.Products(input, [.. deltas.Select(Projected)]).Select(Coordinates)];
}
