using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients of an embedding's table, kept as the rows looked up: the table may be large, and a sample sees little of it.</summary>
/// <param name="indices">int64 [B, L].</param>
/// <param name="deltas">float32 [B, L, C].</param>
/// <param name="rows">Number of rows of the table.</param>
internal sealed class EmbeddingGradients(Tensor indices, Tensor deltas, long rows) : ParameterGradients
{
    private readonly Tensor _indices = indices.contiguous().DetachFromDisposeScope();
    private readonly Tensor _deltas = deltas.contiguous().DetachFromDisposeScope();

    public override double[] SquaredNorms()
    {
        using var scope = NewDisposeScope();
        // ‖Σ_l e_{i_l}·δ_lᵀ‖² = Σ_{l,l'} [i_l = i_l']·⟨δ_l, δ_l'⟩
        var values = _deltas.to_type(float64);
        var same = _indices.unsqueeze(2).eq(_indices.unsqueeze(1));
        var squares = (values.bmm(values.transpose(1, 2)) * same).sum([1L, 2L]).cpu();
        return MemoryMarshal.Cast<byte, double>(squares.bytes).ToArray();
    }

    public override Tensor WeightedSums(Tensor weights)
    {
        using var scope = NewDisposeScope();
        var weighted = weights.unsqueeze(2).unsqueeze(3) * _deltas.unsqueeze(0);
        var sums = zeros([weights.shape[0], rows, _deltas.shape[2]], device: _deltas.device);
        for (var r = 0; r < weights.shape[0]; r++) sums[r].index_add_(0, _indices.flatten(), weighted[r].flatten(0, 1), 1);
        return sums.MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _indices.Dispose();
        _deltas.Dispose();
    }

    protected override DenseGradients ToDense()
    {
        using var scope = NewDisposeScope();
        using var each = eye(_indices.shape[0], device: _deltas.device);
        var dense = new DenseGradients(WeightedSums(each));
        Dispose();
        return dense;
    }
}
