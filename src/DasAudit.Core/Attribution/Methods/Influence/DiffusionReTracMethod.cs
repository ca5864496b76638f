using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Diffusion-ReTrac (Xie et al., ICLR 2024): gradients of query and picture meet at the same timestep and noise, each
/// at length 1, so that no timestep outweighs the others by the size of its gradients:
/// <para>τ(z, i) = mean over (t, ε) of ⟨ĝ_tε(z), ĝ_tε(x_i)⟩,  ĝ = ∇ℓ/‖∇ℓ‖.</para>
/// </summary>
internal sealed class DiffusionReTracMethod : FeatureMethod
{
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    public override MethodDescription Description { get; } =
        new("diffusion-retrac", "Diffusion-ReTrac", "Xie et al., ICLR 2024", "1")
        {
            Scores = new(
                "How far training on the training picture and training on the audited picture would move the model "
                    + "the same way at the same noise, every timestep counting alike: 1 for the same way, 0 for "
                    + "unrelated ways, −1 for opposite ways.",
                LargerMeans: "at equal noise, training on the training picture moves the model more in the direction "
                    + "that helps the audited picture",
                Direction: ScoreDirection.Sign,
                Scale: "From −1 to 1."
            ),
        };

    public override MethodNeeds Needs { get; } = new() { Features = [new("diffusion-retrac", Kind)] };

    protected override void Score(Replicate replicate, ScoreSheet sheet) =>
        sheet.AddScores(stack(replicate.RowsOf(Kind).Select(pass => replicate.Table.Products(Kind, pass))).mean([0L]));
}
