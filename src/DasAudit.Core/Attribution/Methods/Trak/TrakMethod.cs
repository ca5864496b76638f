using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// TRAK (Park et al., ICML 2023, equation 16) for diffusion models: with φ the projected gradient of the training loss, averaged over timesteps,
/// and c the checkpoints,
/// <para>τ(z, i) = mean over c of φ_c(z)ᵀ·(Φ_cᵀΦ_c + λI)⁻¹·φ_ci × mean over c of Q_ci,  Q = 1.</para>
/// Q, the derivative of the loss by the output function, is 1 since the output function is the loss itself.
/// </summary>
public sealed class TrakMethod : IAttributionMethod
{
    private const string Features = "trak";
    private static readonly FeatureKind Kind = new("loss", Unit: false);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "trak",
            "TRAK",
            "Park et al., ICML 2023",
            "1 for each checkpoint",
            "seeing the training picture lowers the model's error on the audited picture more"
        )
        {
            Damping = new DegreesOfFreedom(0.3),
            Meaning =
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's error on the audited picture; below 0, how much it raised that.",
            Direction = ScoreDirection.Sign,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } =
        new() { Features = [new(Features, Kind) { Checkpoints = CheckpointChoice.All }] };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var tables = inputs.Tables(Features);
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
                sheet.AddScores(
                    stack(
                            tables.Select(table =>
                            {
                                cancellation.ThrowIfCancellationRequested();
                                using var kernel = DampedKernel.Of(
                                    table,
                                    Kind,
                                    r,
                                    inputs.Another(r),
                                    Description,
                                    options
                                );
                                sheet.AddDamping(kernel, withSign: true);
                                sheet.AddRefits(kernel, SetEffect.Change);
                                return kernel.Mean(kernel.Scores);
                            })
                        )
                        .mean([0L])
                ),
            cancellation
        );
    }
}
