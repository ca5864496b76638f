using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Influence on the loss, s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), H the Gauss–Newton matrix of the noise loss over linear and convolution layers,
/// with H ≈ A⊗B a layer, A = E[aaᵀ] of its inputs and B = E[δδᵀ] of sampled gradients by its outputs.
/// </summary>
public sealed class Kfac : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "kfac",
            "K-FAC influence",
            "Martens and Grosse, ICML 2015; Mlodozeniec et al., ICLR 2025",
            "3",
            "the training picture, weighed by the shape of the training objective, lowers the model's error on the audited picture more"
        )
        {
            Meaning =
                "An estimate of how much the training picture lowers the model's error on the audited picture, with the shape of the training objective approximated layer by layer from two factors (K-FAC); below 0, how much it raises it.",
            Direction = ScoreDirection.Sign,
            OwnDamping = "0.1 × mean eigenvalue of each layer",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Ekfac = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
        CurvatureInfluence.Score(inputs, Description.Id, scores => scores.Kronecker);
}
