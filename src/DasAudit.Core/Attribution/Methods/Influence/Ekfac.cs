using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Influence on the loss, s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), H the Gauss–Newton matrix of the noise loss over linear and convolution layers,
/// with the eigenvectors of K-FAC's A⊗B and, as eigenvalues, the mean squares of sampled gradients along them.
/// </summary>
public sealed class Ekfac : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "ekfac",
            "EK-FAC influence",
            "George et al., NeurIPS 2018; Mlodozeniec et al., ICLR 2025",
            "3",
            "the training picture, weighed by the shape of the training objective, lowers the model's error on the audited picture more"
        )
        {
            Meaning =
                "An estimate of how much the training picture lowers the model's error on the audited picture, with the shape of the training objective approximated layer by layer and its scales corrected (EK-FAC); below 0, how much it raises it.",
            Direction = ScoreDirection.Sign,
            OwnDamping = "0.1 × mean eigenvalue of each layer",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Ekfac = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
        CurvatureInfluence.Score(inputs, Description.Id, scores => scores.Corrected);
}
