using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>
/// The eigenvectors of a layer's A⊗B. H⁻¹ of a gradient V [O, I] is U_B·((U_Bᵀ·V·U_A)/(Λ + γ))·U_Aᵀ, with Λ_oi =
/// β_o·α_i for K-FAC (Martens and Grosse, 2015), or the mean of (U_Bᵀ·G·U_A)²_oi for EK-FAC (George et al., 2018).
/// </summary>
internal sealed class KroneckerBasis : IDisposable
{
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly Tensor _a32;
    private readonly Tensor _b32;

    /// <summary>Of A, float64 [I, I], and B, float64 [O, O], which stay the caller's.</summary>
    public KroneckerBasis(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        (var alpha, _a) = linalg.eigh(a);
        (var beta, _b) = linalg.eigh(b);
        Kronecker = beta.clamp_min(0).unsqueeze(1) * alpha.clamp_min(0);
        (_a32, _b32) = (_a.to_type(float32), _b.to_type(float32));
        foreach (var tensor in (Tensor[])[_a, _b, _a32, _b32, Kronecker])
            tensor.DetachFromDisposeScope();
    }

    private KroneckerBasis(KroneckerLayer layer)
    {
        var device = layer.Weight.device;
        (_a, _b) = (
            eye(layer.Inputs, dtype: float64, device: device),
            eye(layer.Outputs, dtype: float64, device: device)
        );
        (_a32, _b32, Kronecker) = (
            _a.to_type(float32),
            _b.to_type(float32),
            ones([layer.Outputs, layer.Inputs], float64, device)
        );
        foreach (var tensor in (Tensor[])[_a, _b, _a32, _b32, Kronecker])
            tensor.DetachFromDisposeScope();
    }

    /// <summary>Unit vectors, which cost as much to work with as others.</summary>
    public static KroneckerBasis Unit(KroneckerLayer layer) => new(layer);

    /// <summary>Λ of K-FAC, float64 [O, I].</summary>
    public Tensor Kronecker { get; }

    /// <summary>U_Bᵀ·G·U_A of G, both float32 [O, I] or [B, O, I], in the caller's dispose scope.</summary>
    public Tensor Rotate(Tensor gradient) => _b32.t().matmul(gradient).matmul(_a32);

    /// <summary>(H + γI)⁻¹·V from V and Λ, all float64 [O, I].</summary>
    /// <param name="damping">γ as a part of the mean of Λ.</param>
    /// <returns>In the caller's dispose scope; zero where Λ is: nothing moves the layer then.</returns>
    public Tensor Solve(Tensor vector, Tensor eigenvalues, double damping)
    {
        var gamma = damping * eigenvalues.mean().item<double>();
        return gamma > 0
            ? _b.matmul(_b.t().matmul(vector).matmul(_a) / (eigenvalues + gamma)).matmul(_a.t())
            : zeros_like(vector);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_a, _b, _a32, _b32, Kronecker])
            tensor.Dispose();
    }
}
