using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// TracInCP (Pruthi et al., NeurIPS 2020, equation 2): how much the steps of training on the picture lowered the loss on the query,
/// <para>τ(z, i) = Σ over checkpoints c of η_c·⟨∇ℓ_c(z), ∇ℓ_c(x_i)⟩,</para>
/// η_c the learning rate at the checkpoint, gradients averaged over timesteps.
/// </summary>
public sealed class TracIn : IAttributionMethod
{
    private const string Features = "tracin";
    private static readonly FeatureKind Kind = new("loss", Unit: false);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "tracin",
            "TracInCP",
            "Pruthi et al., NeurIPS 2020",
            "1 for each checkpoint",
            "training steps on the training picture lowered the model's error on the audited picture more"
        )
        {
            Meaning =
                "An estimate of how much training steps on the training picture lower the model's error on the audited picture, added up over the checkpoints of training that were kept; below 0, how much they raise it.",
            Direction = ScoreDirection.Sign,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } =
        new() { Features = [new(Features, Kind) { Checkpoints = CheckpointChoice.All }] };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var tables = inputs.Tables(Features);
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
                sheet.AddScores(stack(tables.Select(table => table.LearningRate * table.Products(Kind, r))).sum([0L])),
            cancellation
        );
    }
}
