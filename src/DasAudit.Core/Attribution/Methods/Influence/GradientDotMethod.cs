using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// The inner product of gradients of the training loss at the final model, averaged over timesteps: τ(z, i) = ⟨∇ℓ(z),
/// ∇ℓ(x_i)⟩; TracIn with one checkpoint and learning rate 1 (Charpiat et al., NeurIPS 2019; Pruthi et al., 2020).
/// </summary>
internal sealed class GradientDotMethod : FeatureMethod
{
    public override MethodDescription Description { get; } =
        new("gradient-dot", "Gradient dot product", "Charpiat et al., NeurIPS 2019", "1")
        {
            Scores = new(
                "An estimate of how much one more training step on the training picture would lower the finished "
                    + "model's error on the audited picture; below 0, how much it would raise it.",
                LargerMeans: "one training step on the training picture lowers the model's error on the audited "
                    + "picture more",
                Direction: ScoreDirection.Sign
            ),
        };

    public override MethodNeeds Needs { get; } = new() { Features = [new("gradient-dot", FeatureKind.RawLoss)] };

    protected override void Score(Replicate replicate, ScoreSheet sheet) =>
        sheet.AddScores(replicate.Table.Products(FeatureKind.RawLoss, replicate.Number));
}
