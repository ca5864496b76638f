using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients with every value stored.</summary>
internal sealed class DenseGradients : ParameterGradients
{
    private readonly Tensor _values;
    private readonly long[]? _order;

    /// <param name="values">float32 [B, …].</param>
    /// <param name="order">
    /// The permutation of the dimensions of <paramref name="values"/> that gives [B, the parameter's shape]; null if they are so, or flat.
    /// </param>
    public DenseGradients(Tensor values, long[]? order = null)
    {
        _values = values.contiguous().DetachFromDisposeScope();
        _order = order;
    }

    public override double[] SquaredNorms() => Gradients.SquaredNorms.OfRows(_values);

    public override Tensor WeightedSums(Tensor weights)
    {
        using var scope = NewDisposeScope();
        var shape = _values.shape;
        var sums = weights.mm(_values.view(shape[0], -1));
        if (_order is null) return sums.MoveToOuterDisposeScope();
        shape[0] = weights.shape[0];
        return sums.view(shape).permute(_order).contiguous().MoveToOuterDisposeScope();
    }

    public void Add(DenseGradients other) => _values.add_(other._values);

    public override void Dispose() => _values.Dispose();

    protected override DenseGradients ToDense() => this;
}
