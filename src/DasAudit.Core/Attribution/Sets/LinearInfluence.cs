using DasAudit.Core.Attribution.Kernel;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// A kernel seen from one query, to say exactly how the output f(z) = φ(z)ᵀθ of a linear model, θ = K_λ⁻¹·Φᵀy, changes
/// when training pictures are left out and θ is fitted again (Hu et al., 2024). Without R it falls by
/// <para>A(R) = f(z; θ) − f(z; θ∖R) = a_Rᵀ·(I − H_RR)⁻¹·r_R.</para>
/// With a itself in place of r, λ·A(R) is how much the variance at z of a Gaussian process that knows the pictures
/// rises when it forgets R.
/// </summary>
/// <param name="Alignment">a_i = φ(z)ᵀ·K_λ⁻¹·φ_i of each of n pictures.</param>
/// <param name="Hat">H = Φ·K_λ⁻¹·Φᵀ row by row, n² values; its diagonal holds the leverages h_i.</param>
/// <param name="Residuals">r_i = y_i − φ_iᵀθ, or what a method takes for it.</param>
internal sealed record LinearInfluence(double[] Alignment, double[] Hat, double[] Residuals)
{
    public int Count => Alignment.Length;

    public double Leverage(int picture) => Hat[picture * (Count + 1)];

    /// <summary>A(R) of pictures R, each once, from a decomposition of I − H_RR: |R|³ operations.</summary>
    public double Of(IReadOnlyCollection<int> set)
    {
        if (set.Count == 0)
            return 0;
        var rows = set.ToArray();
        var complement = Matrix<double>.Build.Dense(
            rows.Length,
            rows.Length,
            (i, j) => (i == j ? 1 : 0) - Hat[rows[i] * Count + rows[j]]
        );
        return Vector<double>.Build.Dense(rows.Length, i => Alignment[rows[i]])
            * complement.Solve(Vector<double>.Build.Dense(rows.Length, i => Residuals[rows[i]]));
    }

    /// <summary>For a query φ(z), the mean of several rows.</summary>
    /// <param name="members">The first pictures in the kernel's coordinates, float64 [n, r].</param>
    /// <param name="residuals">r, float64 [n]; null for a.</param>
    internal static LinearInfluence Of(
        RidgeKernel kernel,
        KernelRows query,
        Tensor members,
        double damping,
        Tensor? residuals
    )
    {
        using var scope = NewDisposeScope();
        var weighted = members * tensor(kernel.Eigenvalues.Select(value => 1 / (value + damping)).ToArray());
        var alignment = Values(query.Coordinates.matmul(weighted.t()).mean([0L]));
        return new(alignment, Values(weighted.matmul(members.t())), residuals is null ? alignment : Values(residuals));

        static double[] Values(Tensor tensor) => tensor.contiguous().data<double>().ToArray();
    }
}
