namespace DasAudit.Core.Attribution.Methods;

/// <summary>
/// Influence on the loss, s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), H the Gauss–Newton matrix of the noise loss over linear and convolution layers,
/// with the eigenvectors of K-FAC's A⊗B and, as eigenvalues, the mean squares of sampled gradients along them.
/// </summary>
public sealed class Ekfac : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } = new(
        "ekfac", "EK-FAC influence", "George et al., NeurIPS 2018; Mlodozeniec et al., ICLR 2025", "3", "a training step on the picture, in the loss's own metric, lowers the loss of the query more");

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Ekfac = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
        CurvatureInfluence.Score(inputs, Description.Id, scores => scores.Corrected);
}
