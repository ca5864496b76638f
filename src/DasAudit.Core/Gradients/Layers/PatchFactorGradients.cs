using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients over few positions: ‖g_b‖² = Σ_ll' ⟨δ_bl, δ_bl'⟩·⟨p_bl, p_bl'⟩.</summary>
/// <param name="patches">p, float32 [B, L, C·k], in the order of the parameter.</param>
internal sealed class PatchFactorGradients(Tensor deltas, Tensor patches) : FactorGradients(deltas, patches)
{
    /// <summary>Whether factors are better: norms then cost little beside a product, and take less memory.</summary>
    public static bool Pays(long positions, long outputs, long patchLength) =>
        4 * positions <= Math.Min(outputs, patchLength);

    protected override double[] ComputeSquaredNorms()
    {
        using var scope = NewDisposeScope();
        var products = Gram(Deltas) * Gram(Patches);
        return [.. products.sum([1L, 2L]).cpu().data<double>()];
    }

    protected override Tensor Products() => Deltas.transpose(1, 2).bmm(Patches);

    private static Tensor Gram(Tensor rows) => rows.bmm(rows.transpose(1, 2)).to_type(float64);
}
