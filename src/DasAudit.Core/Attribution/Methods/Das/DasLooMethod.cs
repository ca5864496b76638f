using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using DasAudit.Core.Files;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// <see cref="DasMethod"/> with the leverage that its derivation has (Lin et al., ICLR 2025, equations 15 and 16, after
/// Sherman and Morrison): the exact leave-one-out change of a ridge regression,
/// <para>τ(z, i) = (φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i/(1 − h_i))²,  h_i = φ_iᵀ·K_λ⁻¹·φ_i.</para>
/// </summary>
internal sealed class DasLooMethod : KernelMethod
{
    private const double LeastComplement = 0.05;

    public override MethodDescription Description { get; } =
        new("das-loo", "Diffusion Attribution Score with leverage", "Lin et al., ICLR 2025, corrected", "1")
        {
            Damping = DampingRules.Default,
            Residuals = true,
            Scores = new(
                "An estimate, by a linear approximation, of how far the model's output at the audited picture would "
                    + "move had the model never seen the training picture, corrected for how much the model leans on "
                    + "that picture alone. Never negative.",
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

    // s_zi = φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i/(1 − h_i)
    /// <exception cref="AuditException">The kernel has more than 0.5·n effective degrees of freedom.</exception>
    protected override BandValues Formula(DampedKernel kernel, MethodOptions options)
    {
        if (kernel.Dampings.Any(damping => kernel.Ridge.EffectiveDegreesOfFreedom(damping) > 0.5 * kernel.Count))
            throw new AuditException(
                "das-loo cannot tell leverages apart, since so little damping leaves the kernel more than half of "
                    + $"{kernel.Count} degrees of freedom; choose more damping, such as {Settings.Name("damping")} "
                    + "df:0.1, or the method das."
            );
        return kernel.Band(damping =>
        {
            var changes = kernel.Scores(damping) * kernel.Residuals(options.Residual, damping);
            return changes / (1 - kernel.Leverages(damping)).clamp_min(LeastComplement);
        });
    }
}
