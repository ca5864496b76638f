using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// Posterior-variance attribution as it was first: how much of what the model knows about the query rests on the
/// picture. Each pass b = (t, noise) has its own kernel, of unit gradients of the loss in Adam's metric at about a
/// third of training:
/// <para>a_b = k_qᵀ·(G_b + λ_b·I)⁻¹,  G_b = ΦΦᵀ,  k_q = Φ·φ(z);  τ(z, i) = (1/B)·Σ_b a_bi².</para>
/// a_i²·λ/(1 − h_i) is exactly how much the variance at the query of a Gaussian process that knows the training
/// pictures rises when picture i is forgotten; the leverage is left out as in das. So the scores of pictures add up
/// over a set, where das adds up changes. <see cref="PvaMethod"/> weighs the passes.
/// </summary>
internal sealed class Pva12Method : KernelMethod
{
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    public override MethodDescription Description { get; } =
        new("pva-12", "Posterior-variance attribution, twelve passes alike", "this program; docs/methods.md", "1.2")
        {
            Damping = DampingRules.Default,
            Scores = new(
                "An estimate, from six noise levels, two draws each, of how much of what the model knows about the "
                    + "audited picture rests on the training picture: how much less sure of the one it would be "
                    + "without the other. Never negative.",
                LargerMeans: "more of what the model knows about the audited picture rests on the training picture"
            ),
        };

    public override MethodNeeds Needs { get; } =
        new()
        {
            Features =
            [
                new("pva", Kind)
                {
                    Checkpoints = CheckpointChoice.Early,
                    Timesteps = PvaMethod.Timesteps,
                    DrawsPerReplicate = 2,
                    AdamMetric = true,
                },
            ],
        };

    protected override SetEffect Effect => SetEffect.Variance;

    // a_b = φ(z)ᵀ·(ΦᵀΦ + λ_b·I)⁻¹·Φᵀ, the same in the space of features
    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) => kernel.Band(kernel.Scores);
}
