using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Uncertainty;

/// <summary>
/// Makes scores of decoys comparable with those of members. A member's row is part of the kernel and shrinks its own score, φ(z)ᵀK_λ⁻¹φ_i; a decoy's is not. If it
/// were, its score would be φ(z)ᵀ(K_λ + φ_jφ_jᵀ)⁻¹φ_j = φ(z)ᵀK_λ⁻¹φ_j/(1 + h_j) with h_j = φ_jᵀK_λ⁻¹φ_j (Sherman–Morrison). Without the factor decoys
/// look too influential and p-values come out too large.
/// </summary>
public static class DecoyFactors
{
    /// <summary>The factor of each row's score before it is squared: 1 for members, 1/(1 + h_j) for decoys.</summary>
    /// <param name="kernel">Of the members.</param>
    /// <param name="rows">All rows, members first, in the kernel's coordinates.</param>
    /// <param name="members">Number of members.</param>
    /// <param name="damping">λ &gt; 0.</param>
    /// <returns>float64 [rows] in the caller's dispose scope.</returns>
    public static Tensor Compute(RidgeKernel kernel, KernelRows rows, int members, double damping)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(rows);
        using var scope = NewDisposeScope();
        var count = rows.Rows.shape[0];
        var factors = ones([count], float64);
        if (count > members)
        {
            var (inside, all) = (rows.Coordinates.narrow(0, members, count - members).square(), rows.Rows.narrow(0, members, count - members).square());
            var within = inside.mv(tensor(kernel.Eigenvalues.Select(value => 1 / (value + damping)).ToArray()));
            var outside = (all.sum(new long[] { 1 }) - inside.sum(new long[] { 1 })).clamp_min(0) / damping;
            factors.narrow(0, members, count - members).copy_(1 / (1 + within + outside));
        }

        return factors.MoveToOuterDisposeScope();
    }
}
