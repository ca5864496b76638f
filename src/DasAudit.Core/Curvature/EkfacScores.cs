namespace DasAudit.Core.Curvature;

/// <summary>Influences on the loss, ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), [replicate][query][row]; larger = the picture helps.</summary>
/// <param name="Kronecker">H by K-FAC.</param>
/// <param name="Corrected">H by EK-FAC.</param>
public sealed record EkfacScores(double[][][] Kronecker, double[][][] Corrected);
