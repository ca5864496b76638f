using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// The inner product of gradients of the training loss at the final model, averaged over timesteps: τ(z, i) = ⟨∇ℓ(z), ∇ℓ(x_i)⟩; TracIn with one
/// checkpoint and learning rate 1 (Charpiat et al., NeurIPS 2019; Pruthi et al., 2020).
/// </summary>
public sealed class GradientDot : IAttributionMethod
{
    private const string Features = "gradient-dot";
    private static readonly FeatureKind Kind = new("loss", Unit: false);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "gradient-dot",
            "Gradient dot product",
            "Charpiat et al., NeurIPS 2019",
            "1",
            "one training step on the training picture lowers the model's error on the audited picture more"
        )
        {
            Meaning =
                "An estimate of how much one more training step on the training picture would lower the finished model's error on the audited picture; below 0, how much it would raise it.",
            Direction = ScoreDirection.Sign,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Features = [new(Features, Kind)] };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var table = inputs.Table(Features);
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) => sheet.AddScores(table.Products(Kind, r)),
            cancellation
        );
    }
}
