using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>
/// The regularised kernel K_λ = ΦᵀΦ + λI in its dual form: one eigendecomposition G = ΦΦᵀ = U·diag(Λ)·Uᵀ in double precision, from which
/// scores, leverages and effective degrees of freedom follow for every λ. Forming and inverting K_λ itself in float32, as the published
/// code of the field does, loses all digits at small λ.
/// </summary>
public sealed class DualKernel : IDisposable
{
    private readonly Tensor _vectors;
    private readonly double[] _values;

    private DualKernel(Tensor vectors, double[] values) => (_vectors, _values) = (vectors, values);

    /// <summary>n.</summary>
    public int Count => _values.Length;

    /// <summary>Λ, ascending, not negative.</summary>
    public IReadOnlyList<double> Eigenvalues => _values;

    /// <summary>Factorises a Gram matrix.</summary>
    /// <param name="gram">G, float64 [n, n], symmetric positive semidefinite; stays the caller's.</param>
    public static DualKernel Factorise(Tensor gram)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(gram);
        // Rounding can leave tiny negative eigenvalues of a rank-deficient matrix.
        return new(vectors.DetachFromDisposeScope(), [.. values.data<double>().Select(value => Math.Max(value, 0))]);
    }

    /// <summary>df(λ) = Σ_j Λ_j/(Λ_j + λ) = Σ_i h_i, between 0 and the rank of Φ.</summary>
    public double EffectiveDegreesOfFreedom(double damping) => _values.Sum(value => Shrink(value, damping));

    /// <summary>h_i = φ_iᵀK_λ⁻¹φ_i = Σ_j U_ij²·Λ_j/(Λ_j + λ), each in [0, 1).</summary>
    public double[] Leverages(double damping)
    {
        using var scope = NewDisposeScope();
        var shrink = tensor(_values.Select(value => Shrink(value, damping)).ToArray());
        return [.. _vectors.square().mv(shrink).data<double>()];
    }

    /// <summary>(G + λI)⁻¹·B.</summary>
    /// <param name="rightHandSide">B, float64 [n, m].</param>
    /// <param name="damping">λ &gt; 0.</param>
    /// <returns>float64 [n, m]; the caller disposes it.</returns>
    public Tensor Solve(Tensor rightHandSide, double damping)
    {
        using var scope = NewDisposeScope();
        var inverse = tensor(_values.Select(value => 1 / (value + damping)).ToArray()).unsqueeze(1);
        return _vectors.matmul(inverse * _vectors.t().matmul(rightHandSide)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _vectors.Dispose();

    private static double Shrink(double value, double damping) => value == 0 ? 0 : value / (value + damping);
}
