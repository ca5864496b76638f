using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// Decoys beside a kernel that lacks them, each scored as if K held it, to be compared with members: with W_j its rows
/// of the kernel's kinds, (K + W_jᵀW_j)⁻¹ stands for K⁻¹, by the Woodbury formula. Where the kernel is of the scored
/// features themselves that is a factor 1/(1 + h_j).
/// </summary>
internal sealed class JoinedDecoys
{
    private readonly RidgeKernel _kernel;
    private readonly double _damping;

    // W_j·K⁻¹, [decoys, m, k], and W_j·K⁻¹·W_jᵀ, [decoys, m, m].
    private readonly Tensor _solved;
    private readonly Tensor _hat;

    /// <summary>From W, float64 [decoys, m, k]; what it computes lives in the caller's dispose scope.</summary>
    public JoinedDecoys(RidgeKernel kernel, double damping, Tensor decoyRows)
    {
        _kernel = kernel;
        _damping = damping;
        using var rows = kernel.Project(decoyRows.flatten(0, 1));
        _solved = kernel.Solve(rows, damping).view(decoyRows.shape);
        _hat = _solved.matmul(decoyRows.transpose(1, 2));
    }

    /// <summary>h_j/(1 + h_j), the leverage of each decoy in a kernel of one kind, float64 [decoys].</summary>
    public Tensor Leverages()
    {
        var outside = _hat.squeeze(2).squeeze(1);
        return outside / (1 + outside);
    }

    /// <summary>A·K⁻¹·b_j − A·K⁻¹·W_jᵀ·(I + W_j·K⁻¹·W_jᵀ)⁻¹·W_j·K⁻¹·b_j, float64 [m, decoys], b [decoys, k].</summary>
    public Tensor Scores(KernelRows queries, Tensor features)
    {
        using var projected = _kernel.Project(features);
        var inner = eye(_hat.shape[1], dtype: float64) + _hat;
        var weights = linalg.solve(inner, _solved.matmul(features.unsqueeze(2))).squeeze(2);
        var products = queries.Rows.matmul(_solved.flatten(0, 1).t());
        var through = products.view(queries.Rows.shape[0], features.shape[0], -1);
        return _kernel.Between(queries, projected, _damping) - (through * weights).sum([2L]);
    }
}
