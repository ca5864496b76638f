using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// A model linear in its parameters, θ = K_λ⁻¹·Φᵀy, seen from one query: all that is needed to say exactly how its output f(z) = φ(z)ᵀθ changes when
/// training pictures are left out and θ is fitted again. Leaving out R lowers the output by
/// <para>A(R) = f(z; θ) − f(z; θ∖R) = a_Rᵀ·(I − H_RR)⁻¹·r_R.</para>
/// </summary>
/// <param name="Alignment">a_i = φ(z)ᵀ·K_λ⁻¹·φ_i of each of n pictures.</param>
/// <param name="Hat">H = Φ·K_λ⁻¹·Φᵀ, [n, n]; its diagonal holds the leverages h_i.</param>
/// <param name="Residuals">r_i = y_i − φ_iᵀθ.</param>
public sealed record LinearInfluence(double[] Alignment, double[,] Hat, double[] Residuals)
{
    /// <summary>Reads a query and the training pictures off a kernel.</summary>
    /// <param name="kernel">Of the training pictures.</param>
    /// <param name="features">Φ, float64 [n, k], which the kernel was made of.</param>
    /// <param name="query">φ(z), float64 [1, k].</param>
    /// <param name="damping">λ.</param>
    /// <param name="residuals">r_i.</param>
    public static LinearInfluence Of(RidgeKernel kernel, Tensor features, Tensor query, double damping, double[] residuals)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        using var scope = NewDisposeScope();
        using var members = kernel.Project(features);
        using var queries = kernel.Project(query);
        var n = kernel.Count;
        var hat = new double[n, n];
        Buffer.BlockCopy(kernel.WithMembers(members, damping).contiguous().data<double>().ToArray(), 0, hat, 0, n * n * sizeof(double));
        return new([.. kernel.WithMembers(queries, damping)[0].contiguous().data<double>()], hat, residuals);
    }
}
