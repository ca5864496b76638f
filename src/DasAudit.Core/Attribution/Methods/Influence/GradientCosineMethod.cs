using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// The cosine of gradients of the training loss, averaged over timesteps; the mean over checkpoints c where there are
/// several, which is gradient aggregated similarity, GAS (Hammoudeh and Lowd, CCS 2022):
/// <para>τ(z, i) = mean over c of ⟨∇ℓ_c(z), ∇ℓ_c(x_i)⟩/(‖∇ℓ_c(z)‖·‖∇ℓ_c(x_i)‖).</para>
/// </summary>
internal sealed class GradientCosineMethod : FeatureMethod
{
    public override MethodDescription Description { get; } =
        new("gradient-cosine", "Gradient cosine (GAS)", "Hammoudeh and Lowd, CCS 2022", "1 for each checkpoint")
        {
            Scores = new(
                "How far training on the training picture and training on the audited picture would move the model "
                    + "the same way: 1 for the same way, 0 for unrelated ways, −1 for opposite ways. It leaves out "
                    + "how far they would move it.",
                LargerMeans: "training on the training picture moves the model more in the direction that helps the "
                    + "audited picture, however far",
                Direction: ScoreDirection.Sign,
                Scale: "From −1 to 1."
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("gradient-cosine", FeatureKind.RawLoss) { Checkpoints = CheckpointChoice.All }] };

    protected override void Score(Replicate replicate, ScoreSheet sheet) =>
        sheet.AddScores(stack(replicate.Tables.Select(table => Cosines(table, replicate.Number))).mean([0L]));

    private static Tensor Cosines(FeatureTable table, int row)
    {
        using var scope = NewDisposeScope();
        var queries = table.QueryMatrix(FeatureKind.RawLoss, row);
        var unit = queries / queries.square().sum([1L], keepdim: true).sqrt().clamp_min(1e-300);
        return (
            table.Products(unit, FeatureKind.RawLoss, row) / table.Lengths(FeatureKind.RawLoss, row).clamp_min(1e-300)
        ).MoveToOuterDisposeScope();
    }
}
