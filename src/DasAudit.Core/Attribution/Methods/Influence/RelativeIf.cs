using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Influence relative to how far learning the picture moves the model (Barshan et al., AISTATS 2020), so that pictures that influence
/// everything do not lead every list. With φ the projected gradient of the training loss averaged over timesteps, <c>relative-if</c> counts in
/// parameters (their θ-relative influence) and <c>l-relative-if</c> in losses (their ℓ-relative influence):
/// <para>τ(z, i) = φ(z)ᵀ·K_λ⁻¹·φ_i/‖K_λ⁻¹·φ_i‖₂,  or  φ(z)ᵀ·K_λ⁻¹·φ_i/√h_i,  h_i = φ_iᵀ·K_λ⁻¹·φ_i.</para>
/// </summary>
public sealed class RelativeIf : IAttributionMethod
{
    private const string Features = "relative-if";
    private static readonly FeatureKind Kind = new("loss", Unit: false);
    private readonly bool _toLosses;

    private RelativeIf(string id, string title, bool toLosses)
    {
        _toLosses = toLosses;
        Description = new(
            id,
            title,
            "Barshan et al., AISTATS 2020",
            "1",
            "for as much as learning it changes the model, the training picture lowers the model's error on the audited picture more"
        )
        {
            Damping = new DegreesOfFreedom(0.3),
            Meaning =
                $"An estimate, by a linear approximation, of how much seeing the training picture lowered the model's error on the audited picture, divided by how much learning it changed {(toLosses ? "the model's errors" : "the model's parameters")}; below 0, it raised the error.",
            Direction = ScoreDirection.Sign,
        };
    }

    /// <summary><c>relative-if</c>.</summary>
    public static RelativeIf ToParameters { get; } = new("relative-if", "Relative influence", toLosses: false);

    /// <summary><c>l-relative-if</c>.</summary>
    public static RelativeIf ToLosses { get; } = new("l-relative-if", "Loss-relative influence", toLosses: true);

    /// <inheritdoc/>
    public MethodDescription Description { get; }

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Features = [new(Features, Kind)] };

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
                using var kernel = DampedKernel.Of(table, Kind, r, inputs.Another(r), Description, options);
                sheet.AddDamping(kernel, withSign: true);
                sheet.AddScores(
                    kernel.Mean(damping =>
                        kernel.Scores(damping)
                        / (_toLosses ? kernel.Leverages(damping).sqrt() : kernel.StepLengths(damping)).clamp_min(1e-300)
                    )
                );
            },
            cancellation
        );
    }
}
