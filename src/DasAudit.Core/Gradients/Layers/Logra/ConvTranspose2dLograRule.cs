using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Transposed two-dimensional convolutions: what <see cref="Conv2dLograRule"/> does, with a and δ in each other's place.</summary>
internal sealed class ConvTranspose2dLograRule : LograRule
{
    private readonly ConvTranspose2dRule _exact;
    private readonly LograConvolution _convolution;

    public ConvTranspose2dLograRule(ConvTranspose2d layer, Tensor left, Tensor right) : this(layer, new(layer), left, right)
    {
    }

    private ConvTranspose2dLograRule(ConvTranspose2d layer, ConvTranspose2dRule exact, Tensor left, Tensor right)
        : base(exact, left, LograConvolution.Ordered(right, layer)) => (_exact, _convolution) = (exact, new((int)layer.groups));

    protected override Tensor[] Weights(Tensor input, Tensor[] deltas)
    {
        var projected = _convolution.Project(input, Left);
        return [.. deltas.Select(delta => _convolution.Multiply(_exact.Products(projected, delta), Right))];
    }
}
