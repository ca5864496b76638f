using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Renormalised influence (Hammoudeh and Lowd, CCS 2022): influence divided by the length of the picture's own gradient,
/// <para>τ(z, i) = φ(z)ᵀ·K_λ⁻¹·φ_i/‖φ_i‖₂,</para>
/// φ the projected gradient of the training loss averaged over timesteps.
/// </summary>
public sealed class RenormalizedIf : IAttributionMethod
{
    private const string Features = "renormalized-if";
    private static readonly FeatureKind Kind = new("loss", Unit: false);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "renormalized-if",
            "Renormalised influence",
            "Hammoudeh and Lowd, CCS 2022",
            "1",
            "for the size of its gradient, the training picture lowers the model's error on the audited picture more"
        )
        {
            Damping = new DegreesOfFreedom(0.3),
            Meaning =
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's error on the audited picture, divided by how strongly the training picture pulls at the model at all; below 0, it raised the error.",
            Direction = ScoreDirection.Sign,
        };

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
                var lengths = table.Lengths(Kind, r).clamp_min(1e-300);
                sheet.AddScores(kernel.Mean(damping => kernel.Scores(damping) / lengths));
            },
            cancellation
        );
    }
}
