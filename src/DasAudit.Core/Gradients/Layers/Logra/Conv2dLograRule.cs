using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Two-dimensional convolutions: the gradient of a convolution with O output channels whose δ is P_Oᵀδ, times P_I.</summary>
internal sealed class Conv2dLograRule : LograRule
{
    private readonly Conv2dRule _exact;
    private readonly LograConvolution _convolution;

    public Conv2dLograRule(Conv2d layer, Tensor left, Tensor right) : this(layer, new(layer), left, right)
    {
    }

    private Conv2dLograRule(Conv2d layer, Conv2dRule exact, Tensor left, Tensor right)
        : base(exact, left, LograConvolution.Ordered(right, layer)) => (_exact, _convolution) = (exact, new((int)layer.groups));

    protected override Tensor[] Weights(Tensor input, Tensor[] deltas) =>
        [.. _exact.Products(input, [.. deltas.Select(delta => _convolution.Project(delta, Left))]).Select(products => _convolution.Multiply(products, Right))];
}
