namespace DasAudit.Core.Attribution.Methods;

/// <summary>
/// Influence on the loss, s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), H the Gauss–Newton matrix of the noise loss over linear and convolution layers,
/// with H ≈ A⊗B a layer, A = E[aaᵀ] of its inputs and B = E[δδᵀ] of sampled gradients by its outputs.
/// </summary>
public sealed class Kfac : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } = new(
        "kfac", "K-FAC influence", "Martens and Grosse, ICML 2015; Mlodozeniec et al., ICLR 2025", "3", "a training step on the picture, in the loss's own metric, lowers the loss of the query more");

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Ekfac = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
        CurvatureInfluence.Score(inputs, Description.Id, scores => scores.Kronecker);
}
