using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Transposed two-dimensional convolutions: Σ over the input's positions of (P_Oᵀa)·(P_Iᵀ(patch of δ))ᵀ.</summary>
internal sealed class ConvTranspose2dLograRule : ConvolutionLograRule
{
    private readonly ConvTranspose2dRule _exact;

    public ConvTranspose2dLograRule(ConvTranspose2d layer, Tensor left, Tensor right)
        : this(layer, new(layer), left, right) { }

    private ConvTranspose2dLograRule(ConvTranspose2d layer, ConvTranspose2dRule exact, Tensor left, Tensor right)
        : base(layer, exact, left, right) => _exact = exact;

    protected override Tensor[] Weights(Tensor input, Tensor[] deltas)
    {
        var projected = Projected(input);
        return [.. deltas.Select(delta => Coordinates(_exact.Products(projected, delta)))];
    }
}
