using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Rank-one gradients g_b = δ_b·a_bᵀ, δ [B, O] and a [B, I] float32: ‖g_b‖² = ‖δ_b‖²·‖a_b‖².</summary>
internal sealed class OuterProductGradients(Tensor delta, Tensor input)
    : FactorGradients(delta.unsqueeze(1), input.unsqueeze(1))
{
    protected override double[] ComputeSquaredNorms() =>
        [.. Numerics.SquaredNorms.OfRows(Deltas).Zip(Numerics.SquaredNorms.OfRows(Patches), (d, a) => d * a)];

    protected override Tensor Products() => Deltas.transpose(1, 2) * Patches;
}
