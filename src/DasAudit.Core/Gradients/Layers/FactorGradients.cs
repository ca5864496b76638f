using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients g_b = Σ_l δ_bl·p_blᵀ over few positions, kept as factors, smaller than their products.</summary>
/// <remarks>A weighted sum is one product of matrices.</remarks>
/// <param name="deltas">δ, float32 [B, L, O].</param>
/// <param name="patches">p, float32 [B, L, P], in the order of the parameter; may be shared.</param>
internal abstract class FactorGradients(Tensor deltas, Tensor patches) : ParameterGradients
{
    public override long Bytes => Size(Deltas) + Size(Patches);

    protected Tensor Deltas { get; } = deltas.contiguous().DetachFromDisposeScope();

    protected Tensor Patches { get; } = patches.contiguous().DetachFromDisposeScope();

    public override void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var scope = NewDisposeScope();
        var weighted = Deltas * tensor(weights.ToArray(), [weights.Length, 1, 1], device: Deltas.device);
        var product = weighted.flatten(0, 1).t().mm(Patches.flatten(0, 1)).cpu();
        TensorPrimitives.Add(sum, NativeFloats.Values(product), sum);
    }

    public override void Dispose()
    {
        Deltas.Dispose();
        Patches.Dispose();
    }

    public override DenseGradients ToDense()
    {
        using var scope = NewDisposeScope();
        var dense = new DenseGradients(Products());
        Dispose();
        return dense;
    }

    /// <summary>g, float32 [B, O, P].</summary>
    protected abstract Tensor Products();
}
