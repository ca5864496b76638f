using System.Runtime.InteropServices;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Gradients g_b = Σ_l δ_bl·p_blᵀ over few positions, kept as their factors, which are then smaller than their products:
/// ‖g_b‖² = Σ_ll' ⟨δ_bl, δ_bl'⟩·⟨p_bl, p_bl'⟩, and a weighted sum is one product of matrices.
/// </summary>
/// <param name="deltas">δ, float32 [B, L, O].</param>
/// <param name="patches">p, float32 [B, L, C·k], in the order of the parameter.</param>
internal sealed class PatchFactorGradients(Tensor deltas, Tensor patches) : ParameterGradients
{
    private readonly Tensor _deltas = deltas.contiguous().DetachFromDisposeScope();
    private readonly Tensor _patches = patches.alias().DetachFromDisposeScope();

    /// <summary>Whether factors are the better form: a norm then costs a small part of a product, and less memory is written.</summary>
    public static bool Pays(long positions, long outputs, long patchLength) =>
        4 * positions <= Math.Min(outputs, patchLength);

    public override long Bytes => Size(_deltas) + Size(_patches);

    public override void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var scope = NewDisposeScope();
        var (outputs, length) = (_deltas.shape[2], _patches.shape[2]);
        var weighted = _deltas * tensor(weights.ToArray(), [weights.Length, 1, 1], device: _deltas.device);
        var product = weighted.view(-1, outputs).t().mm(_patches.view(-1, length)).cpu();
        TensorPrimitives.Add(sum, MemoryMarshal.Cast<byte, float>(product.bytes), sum);
    }

    public override ParameterGradients Scaled(Tensor factors) => ToDense().Scaled(factors);

    public override void Dispose()
    {
        _deltas.Dispose();
        _patches.Dispose();
    }

    protected override double[] ComputeSquaredNorms()
    {
        using var scope = NewDisposeScope();
        var products = Gram(_deltas) * Gram(_patches);
        return [.. products.sum([1L, 2L]).cpu().data<double>()];
    }

    protected override DenseGradients ToDense()
    {
        using var scope = NewDisposeScope();
        var dense = new DenseGradients(_deltas.transpose(1, 2).bmm(_patches));
        Dispose();
        return dense;
    }

    private static Tensor Gram(Tensor rows) => rows.bmm(rows.transpose(1, 2)).to_type(float64);
}
