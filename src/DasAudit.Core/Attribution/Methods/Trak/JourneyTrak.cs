using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// Journey-TRAK (Georgiev et al., 2023): what each step of the query's own sampling trajectory is owed to,
/// <para>τ_t(z, i) = φ_t(z)ᵀ·(ΦᵀΦ + λI)⁻¹·φ_i,  τ = mean over steps t of τ_t,</para>
/// with φ_t(z) the projected gradient of (1/d)·‖ε̂ − ε‖² at the clean picture that the trajectory predicts at step t, noised anew, and φ_i that of
/// the training loss averaged over timesteps.
/// </summary>
public sealed class JourneyTrak : IAttributionMethod
{
    private const string Features = "journey-trak";
    private static readonly FeatureKind Kind = new("loss", Unit: false);
    private static readonly FeatureKind Step = new("loss", Unit: false, Apart: true);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "journey-trak",
            "Journey-TRAK",
            "Georgiev et al., 2023",
            "1; the query once for each step of its sampling",
            "seeing the training picture lowers the model's error on the way to the audited picture more"
        )
        {
            Damping = new DegreesOfFreedom(0.3),
            Meaning =
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's error at the steps in which the audited picture was made, averaged over the steps; below 0, how much it raised that.",
            Direction = ScoreDirection.Sign,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } =
        new() { Features = [new(Features, Kind) { QueryKinds = [Step], Trajectory = true }] };

    /// <inheritdoc/>
    /// <exception cref="AuditException">The query's trajectory is not known.</exception>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var table = inputs.Table(Features);
        if (table.Queries.Any(query => !query.Rows.ContainsKey(Step)))
            throw new AuditException(
                "journey-trak needs the sampling trajectory of the query; audit a picture that generate made, with the seed that it was made from."
            );
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
            {
                using var kernel = DampedKernel.Of(table, Kind, r, inputs.Another(r), Description, options);
                (FeatureKind Kind, int Row)[] steps =
                [
                    .. table.RowsOf(Step, r, inputs.Replicates, ofQueries: true).Select(row => (Step, row)),
                ];
                sheet.AddDamping(kernel, withSign: true, steps);
                sheet.AddRefits(kernel, SetEffect.Change, asked: steps);
                using var queries = kernel.Queries(steps);
                sheet.AddSteps(
                    kernel
                        .Mean(damping => kernel.Scores(damping, queries, Kind))
                        .view(steps.Length, inputs.Queries, -1)
                        .unbind()
                );
            },
            cancellation
        );
    }
}
