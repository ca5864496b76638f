using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// The Diffusion Attribution Score (Lin et al., ICLR 2025) in its corrected practical form: how far the model's
/// prediction at the query would move had it never seen training picture i, by one damped Gauss–Newton step of the
/// leave-one-out objective,
/// <para>τ(z, i) = (φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i)²,  K_λ = ΦᵀΦ + λI,</para>
/// with φ the projected, per-timestep normalised gradient of the mean prediction and ρ_i the residual factor. The
/// leverage 1/(1−h_i) is left out: with one row a picture it measures the projection rather than the data.
/// </summary>
internal sealed class DasMethod : KernelMethod
{
    public override MethodDescription Description { get; } =
        new("das", "Diffusion Attribution Score", "Lin et al., ICLR 2025, corrected", "1")
        {
            Damping = DampingRules.Default,
            Residuals = true,
            Scores = new(
                "An estimate, by a linear approximation, of how far the model's output at the audited picture would "
                    + "move had the model never seen the training picture. Never negative.",
                LargerMeans: "the model's prediction at the audited picture would move further had it never seen the "
                    + "training picture",
                Direction: ScoreDirection.Beside,
                ChangesAddUp: true
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("das", FeatureKind.UnitMean, FeatureKind.UnitLoss)] };

    protected override SetEffect Effect => SetEffect.SquaredChange;
    protected override FeatureKind? Loss => FeatureKind.UnitLoss;

    // s_zi = φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i
    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) =>
        kernel.Band(damping => kernel.Scores(damping) * kernel.Residuals(options.Residual, damping));
}
