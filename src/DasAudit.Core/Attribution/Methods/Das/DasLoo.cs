using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// <see cref="Das"/> with the leverage that its derivation has (Lin et al., ICLR 2025, equations 15 and 16, after Sherman and Morrison): the
/// exact leave-one-out change of a ridge regression,
/// <para>τ(z, i) = (φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i/(1 − h_i))²,  h_i = φ_iᵀ·K_λ⁻¹·φ_i.</para>
/// </summary>
public sealed class DasLoo : IAttributionMethod
{
    private const string Features = "das";
    private const double LeastComplement = 0.05;

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "das-loo",
            "Diffusion Attribution Score with leverage",
            "Lin et al., ICLR 2025, corrected",
            "1",
            "the model's prediction at the audited picture would move further had it never seen the training picture"
        )
        {
            Damping = DampingRules.Default,
            Meaning =
                "An estimate, by a linear approximation, of how far the model's output at the audited picture would move had the model never seen the training picture, corrected for how much the model leans on that picture alone. Never negative.",
            Direction = ScoreDirection.Beside,
            ChangesAddUp = true,
            Residuals = true,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } =
        new() { Features = [new(Features, FeatureKind.UnitMean, FeatureKind.UnitLoss)] };

    /// <inheritdoc/>
    /// <exception cref="AuditException">The kernel has more than 0.5·n effective degrees of freedom: then leverages say nothing.</exception>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var table = inputs.Table(Features);
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
            {
                using var kernel = DampedKernel.Of(
                    table,
                    FeatureKind.UnitMean,
                    r,
                    inputs.Another(r),
                    Description,
                    options
                );
                sheet.AddDamping(kernel);
                if (
                    kernel.Dampings.Any(damping => kernel.Ridge.EffectiveDegreesOfFreedom(damping) > 0.5 * kernel.Count)
                )
                    throw new AuditException(
                        $"das-loo cannot tell leverages apart, since so little damping leaves the kernel more than half of {kernel.Count} degrees of freedom; choose more damping, such as --damping df:0.1, or the method das."
                    );

                // s_zi = φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i/(1 − h_i)
                sheet.AddSquares(
                    kernel.Band(damping =>
                        kernel.Scores(damping)
                        * kernel.Residuals(options.Residual, damping)
                        / (1 - kernel.Leverages(damping)).clamp_min(LeastComplement)
                    )
                );
                sheet.AddRefits(
                    kernel,
                    SetEffect.SquaredChange,
                    damping => kernel.Residuals(options.Residual, damping)
                );
                sheet.AddInfluence(kernel.LossInfluence(FeatureKind.UnitLoss));
            },
            cancellation
        );
    }
}
