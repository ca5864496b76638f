using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// Posterior-variance attribution: how much of what the model knows about the query rests on the picture. For each pass b = (t, noise) a kernel
/// of its own, of unit gradients of the loss in Adam's metric, at a checkpoint about a third into training:
/// <para>a_b = k_qᵀ·(G_b + λ_b·I)⁻¹,  G_b = ΦΦᵀ,  k_q = Φ·φ(z);  τ(z, i) = (1/B)·Σ_b a_bi².</para>
/// a_i²·λ/(1 − h_i) is exactly how much the variance at the query of a Gaussian process that knows the training pictures rises when picture i
/// is forgotten; the leverage is left out as in <see cref="Das"/>. So the scores of pictures add up over a set, where das adds up changes.
/// </summary>
public sealed class Pva : IAttributionMethod
{
    private const string Features = "pva";
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    private Pva(string id, string title, string cost, int[] timesteps, int draws, string passes)
    {
        Description = new(
            id,
            title,
            "this program; docs/method.md",
            cost,
            "more of what the model knows about the audited picture rests on the training picture"
        )
        {
            Damping = DampingRules.Default,
            Meaning =
                $"An estimate, {passes}, of how much of what the model knows about the audited picture rests on the training picture: how much less sure of the one it would be without the other. Never negative.",
        };
        Needs = new()
        {
            Features =
            [
                new(Features, Kind)
                {
                    Checkpoints = CheckpointChoice.Early,
                    Timesteps = timesteps,
                    DrawsPerReplicate = draws,
                    AdamMetric = true,
                },
            ],
        };
    }

    /// <summary><c>pva</c>: six timesteps of two noise draws.</summary>
    public static Pva Full { get; } =
        new(
            "pva",
            "Posterior-variance attribution",
            "1.2",
            [25, 50, 100, 200, 300, 500],
            2,
            "from six noise levels, two draws each"
        );

    /// <summary><c>pva-mini</c>: three timesteps of one noise draw.</summary>
    public static Pva Mini { get; } =
        new("pva-mini", "Posterior-variance attribution, small", "0.3", [25, 100, 300], 1, "from three noise levels");

    /// <inheritdoc/>
    public MethodDescription Description { get; }

    /// <inheritdoc/>
    public MethodNeeds Needs { get; }

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
                var others = inputs.Another(r) is { } another
                    ? table.RowsOf(Kind, another, inputs.Replicates).ToArray()
                    : null;
                sheet.AddSquares(
                    [
                        .. table
                            .RowsOf(Kind, r, inputs.Replicates)
                            .SelectMany(
                                (pass, b) =>
                                {
                                    cancellation.ThrowIfCancellationRequested();
                                    using var kernel = DampedKernel.Of(
                                        table,
                                        Kind,
                                        pass,
                                        others?[b],
                                        Description,
                                        options
                                    );
                                    sheet.AddDamping(kernel);
                                    sheet.AddRefits(kernel, SetEffect.Variance);

                                    // a_b = φ(z)ᵀ·(ΦᵀΦ + λ_b·I)⁻¹·Φᵀ, the same in the space of features
                                    return kernel.Band(kernel.Scores);
                                }
                            ),
                    ],
                    addUp: true
                );
            },
            cancellation
        );
    }
}
