using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// <see cref="Das"/> before squaring: τ(z, i) = φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i. First order, so scores of pictures add up to that of their set, but its
/// sign is that of the mean prediction's change and says nothing of better or worse.
/// </summary>
public sealed class DasSigned : IAttributionMethod
{
    private const string Features = "das";

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "das-signed",
            "Diffusion Attribution Score, not squared",
            "Lin et al., ICLR 2025, corrected",
            "1",
            "the training picture moves the model's mean prediction the way the audited picture does; below 0, the other way"
        )
        {
            Damping = DampingRules.Default,
            Meaning =
                "An estimate, by a linear approximation, of how far, and which way, the model's mean output at the audited picture would move had the model never seen the training picture. Above and below 0 are two ways to move; neither is better or worse for the audited picture.",
            Residuals = true,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Features = [new(Features, FeatureKind.UnitMean)] };

    /// <inheritdoc/>
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
                sheet.AddDamping(kernel, withSign: true);
                sheet.AddRefits(kernel, SetEffect.Change, damping => kernel.Residuals(options.Residual, damping));
                sheet.AddScores(
                    kernel.Mean(damping => kernel.Scores(damping) * kernel.Residuals(options.Residual, damping))
                );
            },
            cancellation
        );
    }
}
