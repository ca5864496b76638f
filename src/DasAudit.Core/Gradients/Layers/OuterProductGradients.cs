using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients g_b = δ_b·a_bᵀ of rank one: ‖g_b‖² = ‖δ_b‖²·‖a_b‖².</summary>
/// <param name="delta">δ, float32 [B, O].</param>
/// <param name="input">a, float32 [B, I].</param>
internal sealed class OuterProductGradients(Tensor delta, Tensor input)
    : FactorGradients(delta.unsqueeze(1), input.unsqueeze(1))
{
    protected override double[] ComputeSquaredNorms() =>
        [.. Numerics.SquaredNorms.OfRows(Deltas).Zip(Numerics.SquaredNorms.OfRows(Patches), (d, a) => d * a)];

    protected override Tensor Products() => Deltas.transpose(1, 2) * Patches;
}
