using System.Runtime.InteropServices;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Gradients g_b = δ_b·a_bᵀ of rank one, kept as their factors: ‖g_b‖² = ‖δ_b‖²·‖a_b‖², and a weighted sum is one product of matrices.
/// </summary>
/// <param name="delta">δ, float32 [B, O].</param>
/// <param name="input">a, float32 [B, I].</param>
internal sealed class OuterProductGradients(Tensor delta, Tensor input) : ParameterGradients
{
    private readonly Tensor _delta = delta.contiguous().DetachFromDisposeScope();
    private readonly Tensor _input = input.contiguous().DetachFromDisposeScope();

    public override long Bytes => Size(_delta) + Size(_input);

    public override void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var scope = NewDisposeScope();
        var weighted = tensor(weights.ToArray(), device: _delta.device).unsqueeze(1) * _delta;
        var product = weighted.t().mm(_input).cpu();
        TensorPrimitives.Add(sum, MemoryMarshal.Cast<byte, float>(product.bytes), sum);
    }

    public override ParameterGradients Scaled(Tensor factors) => ToDense().Scaled(factors);

    public override void Dispose()
    {
        _delta.Dispose();
        _input.Dispose();
    }

    protected override double[] ComputeSquaredNorms() =>
        [.. Numerics.SquaredNorms.OfRows(_delta).Zip(Numerics.SquaredNorms.OfRows(_input), (d, a) => d * a)];

    protected override DenseGradients ToDense()
    {
        using var scope = NewDisposeScope();
        var dense = new DenseGradients(_delta.unsqueeze(2) * _input.unsqueeze(1));
        Dispose();
        return dense;
    }
}
