using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// das before squaring: τ(z, i) = φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i. First order, so scores of pictures add up to that of their set,
/// but its sign is that of the mean prediction's change and says nothing of better or worse.
/// </summary>
internal sealed class DasSignedMethod : KernelMethod
{
    public override MethodDescription Description { get; } =
        new("das-signed", "Diffusion Attribution Score, not squared", "Lin et al., ICLR 2025, corrected", "1")
        {
            Damping = DampingRules.Default,
            Residuals = true,
            Scores = new(
                "An estimate, by a linear approximation, of how far, and which way, the model's mean output at the "
                    + "audited picture would move had the model never seen the training picture. Above and below 0 "
                    + "are two ways to move; neither is better or worse for the audited picture.",
                LargerMeans: "the training picture moves the model's mean prediction the way the audited picture "
                    + "does; below 0, the other way"
            ),
        };

    public override MethodNeeds Needs { get; } = new() { Features = [new("das", FeatureKind.UnitMean)] };

    protected override SetEffect Effect => SetEffect.Change;

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) =>
        kernel.Band(damping => kernel.Scores(damping) * kernel.Residuals(options.Residual, damping));
}
