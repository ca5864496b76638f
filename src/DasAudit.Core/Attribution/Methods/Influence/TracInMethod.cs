using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// TracInCP (Pruthi et al., NeurIPS 2020, equation 2): how much training steps on the picture lowered the query's loss,
/// <para>τ(z, i) = Σ over checkpoints c of η_c·⟨∇ℓ_c(z), ∇ℓ_c(x_i)⟩,</para>
/// η_c the learning rate at the checkpoint, gradients averaged over timesteps.
/// </summary>
internal sealed class TracInMethod : FeatureMethod
{
    public override MethodDescription Description { get; } =
        new("tracin", "TracInCP", "Pruthi et al., NeurIPS 2020", "1 for each checkpoint")
        {
            Scores = new(
                "An estimate of how much training steps on the training picture lower the model's error on the "
                    + "audited picture, added up over the checkpoints of training that were kept; below 0, how much "
                    + "they raise it.",
                LargerMeans: "training steps on the training picture lowered the model's error on the audited picture "
                    + "more",
                Direction: ScoreDirection.Sign
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("tracin", FeatureKind.RawLoss) { Checkpoints = CheckpointChoice.All }] };

    protected override void Score(Replicate replicate, ScoreSheet sheet)
    {
        var byCheckpoint = replicate.Tables.Select(table =>
            table.LearningRate * table.Products(FeatureKind.RawLoss, replicate.Number)
        );
        sheet.AddScores(stack(byCheckpoint).sum([0L]));
    }
}
