using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>
/// DMin (Lin et al., 2024): the compressed inner product of gradients of the loss, each timestep's at length 1, paired
/// by timestep,
/// <para>τ(z, i) = Σ_t ⟨ĝ_t(z), ĝ_t(x_i)⟩,</para>
/// at ten timesteps on the published cubic grid, 1000 − 1 − ⌊1000·(j/10)³⌋, dense where noise is strongest, with one
/// noise for all pictures. The published compression (permute, flip signs, sum groups) is a sparse
/// Johnson–Lindenstrauss transform with one bucket a coordinate and buckets of equal size; the projection of the audit
/// stands for it.
/// </summary>
internal sealed class DMinMethod : FeatureMethod
{
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    public override MethodDescription Description { get; } =
        new("dmin", "DMin", "Lin et al., 2024", "1")
        {
            Scores = new(
                "How far training on the training picture and training on the audited picture would move the model "
                    + "the same way, added up over ten noise levels, most of them strong: 10 for the same way at "
                    + "each, 0 for unrelated ways, −10 for opposite ways.",
                LargerMeans: "at ten noise levels, mostly strong ones, training on the training picture moves the "
                    + "model more in the direction that helps the audited picture",
                Direction: ScoreDirection.Sign,
                Scale: "From −10 to 10."
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("dmin", Kind) { Timesteps = [270, 487, 656, 783, 874, 935, 972, 991, 998, 999] }] };

    protected override void Score(Replicate replicate, ScoreSheet sheet) =>
        sheet.AddScores(stack(replicate.RowsOf(Kind).Select(pass => replicate.Table.Products(Kind, pass))).sum([0L]));
}
