using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients of an embedding's table, which may be large, kept as the few rows looked up.</summary>
/// <param name="indices">int64 [B, L].</param>
/// <param name="deltas">float32 [B, L, C].</param>
internal sealed class EmbeddingGradients(Tensor indices, Tensor deltas, long rows) : ParameterGradients
{
    private readonly Tensor _indices = indices.contiguous().DetachFromDisposeScope();
    private readonly Tensor _deltas = deltas.contiguous().DetachFromDisposeScope();

    public override long Bytes => Size(_indices) + Size(_deltas);

    public override void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var scope = NewDisposeScope();
        var length = (int)_indices.shape[1];
        var channels = (int)_deltas.shape[2];
        var rowNumbers = _indices.cpu().data<long>();
        var deltas = _deltas.cpu();
        var values = NativeFloats.Values(deltas);
        for (var i = 0; i < weights.Length * length; i++)
        {
            var row = sum.Slice((int)rowNumbers[i] * channels, channels);
            TensorPrimitives.MultiplyAdd(values.Slice(i * channels, channels), weights[i / length], row, row);
        }
    }

    public override ParameterGradients Scaled(Tensor factors)
    {
        using var scope = NewDisposeScope();
        var scaled = new EmbeddingGradients(
            _indices.alias(),
            _deltas * factors.index_select(0, _indices.flatten()).view_as(_deltas),
            rows
        );
        Dispose();
        return scaled;
    }

    public override void Dispose()
    {
        _indices.Dispose();
        _deltas.Dispose();
    }

    protected override double[] ComputeSquaredNorms()
    {
        using var scope = NewDisposeScope();
        // ‖Σ_l e_{i_l}·δ_lᵀ‖² = Σ_{l,l'} [i_l = i_l']·⟨δ_l, δ_l'⟩
        var values = _deltas.to_type(float64);
        var same = _indices.unsqueeze(2).eq(_indices.unsqueeze(1));
        var squares = (values.bmm(values.transpose(1, 2)) * same).sum([1L, 2L]).cpu();
        return [.. squares.data<double>()];
    }

    public override DenseGradients ToDense()
    {
        using var scope = NewDisposeScope();
        var samples = _indices.shape[0];
        var channels = _deltas.shape[2];
        var table = zeros([samples * rows, channels], device: _deltas.device);
        var firstRows = arange(samples, dtype: int64, device: _deltas.device).unsqueeze(1) * rows;
        // Adds in one order on every device, which index_add_ does not.
        table.index_put_(_deltas.flatten(0, 1), [(_indices + firstRows).flatten()], accumulate: true);
        var dense = new DenseGradients(table.view(samples, rows, channels));
        Dispose();
        return dense;
    }
}
