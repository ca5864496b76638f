using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Gradients g_b = δ_b·a_bᵀ of rank one, kept as their factors: ‖g_b‖² = ‖δ_b‖²·‖a_b‖², and a weighted sum is one product of matrices.
/// </summary>
internal sealed class OuterProductGradients(Tensor delta, Tensor input) : ParameterGradients
{
    private readonly Tensor _delta = delta.contiguous().DetachFromDisposeScope();
    private readonly Tensor _input = input.contiguous().DetachFromDisposeScope();

    public override double[] SquaredNorms() =>
        [.. Gradients.SquaredNorms.OfRows(_delta).Zip(Gradients.SquaredNorms.OfRows(_input), (d, a) => d * a)];

    public override Tensor WeightedSums(Tensor weights)
    {
        using var scope = NewDisposeScope();
        // [R, O, B] × [B, I]
        return (weights.unsqueeze(1) * _delta.t().unsqueeze(0)).matmul(_input).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _delta.Dispose();
        _input.Dispose();
    }

    protected override DenseGradients ToDense()
    {
        using var scope = NewDisposeScope();
        var dense = new DenseGradients(_delta.unsqueeze(2) * _input.unsqueeze(1));
        Dispose();
        return dense;
    }
}
