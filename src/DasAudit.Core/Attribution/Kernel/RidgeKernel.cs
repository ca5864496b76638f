using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// K_λ = ΦᵀΦ + λI of n training pictures with features Φ [n, k], by one eigendecomposition in double precision, from which scores, leverages
/// and effective degrees of freedom follow for every λ: of G = ΦΦᵀ where n ≤ k (dual), of ΦᵀΦ where k &lt; n (primal). Forming and inverting K_λ
/// itself in float32, as the published code of the field does, loses all digits at small λ.
/// <para>
/// With V = [v_1 … v_r] the eigenvectors of ΦᵀΦ to its eigenvalues Λ_j &gt; 0: K_λ⁻¹ = V·diag(1/(Λ + λ))·Vᵀ + (I − VVᵀ)/λ.
/// </para>
/// </summary>
public sealed class RidgeKernel : IDisposable
{
    private readonly Tensor _basis;
    private readonly Tensor _members;

    private RidgeKernel(double[] eigenvalues, Tensor basis, Tensor members, int count) =>
        (Eigenvalues, _basis, _members, Count, Dimension) = (eigenvalues, basis, members, count, (int)basis.shape[0]);

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>k.</summary>
    public int Dimension { get; }

    /// <summary>Λ, falling, all positive: as many as Φ has rank r ≤ min(n, k).</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Factorises the kernel of some features.</summary>
    /// <param name="features">Φ, float64 [n, k]; stays the caller's.</param>
    /// <exception cref="AuditException">All features are zero, or one is not finite.</exception>
    public static RidgeKernel Factorise(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (n, k) = ((int)features.shape[0], (int)features.shape[1]);
        if (!features.isfinite().all().item<bool>()) throw new AuditException("A gradient feature is not finite, so nothing can be attributed; compute the features anew.");
        var dual = n <= k;
        var (values, vectors) = linalg.eigh(dual ? features.matmul(features.t()) : features.t().matmul(features));
        var all = values.data<double>().ToArray();
        var first = Array.FindIndex(all, value => value > Math.Max(all[^1], 0) * 1e-12);
        if (first < 0 || !(all[^1] > 0))
            throw new AuditException("All gradient features are zero, so nothing can be attributed; check that --parameters selects layers that the prediction depends on.");
        var kept = vectors.narrow(1, first, all.Length - first).flip(1);
        double[] eigenvalues = [.. all[first..].Reverse()];
        // A dual eigenvector u gives v = Φᵀu/√Λ.
        var basis = dual ? features.t().matmul(kept) / tensor(eigenvalues).sqrt() : kept;
        var members = dual ? kept * tensor(eigenvalues).sqrt() : features.matmul(kept);
        return new(eigenvalues, basis.contiguous().DetachFromDisposeScope(), members.contiguous().DetachFromDisposeScope(), n);
    }

    /// <summary>
    /// Factorises a kernel that is known by its values alone, k(x, y) = ⟨φ(x), φ(y)⟩. Rows are then given by their kernel values with the n
    /// training pictures, and products of rows with one another by <see cref="Between(KernelRows, KernelRows, Tensor, double)"/>.
    /// </summary>
    /// <param name="gram">K, symmetric and positive semidefinite, float64 [n, n]; stays the caller's.</param>
    /// <exception cref="AuditException">All values are zero, or one is not finite.</exception>
    public static RidgeKernel OfGram(Tensor gram)
    {
        ArgumentNullException.ThrowIfNull(gram);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!gram.isfinite().all().item<bool>()) throw new AuditException("A kernel value is not finite, so nothing can be attributed; check the pictures.");
        var (values, vectors) = linalg.eigh(gram);
        var all = values.data<double>().ToArray();
        var first = Array.FindIndex(all, value => value > Math.Max(all[^1], 0) * 1e-12);
        if (first < 0) throw new AuditException("All kernel values are zero, so nothing can be attributed; check the pictures.");
        var kept = vectors.narrow(1, first, all.Length - first).flip(1);
        double[] eigenvalues = [.. all[first..].Reverse()];
        var roots = tensor(eigenvalues).sqrt();
        return new(eigenvalues, (kept / roots).DetachFromDisposeScope(), (kept * roots).DetachFromDisposeScope(), all.Length);
    }

    /// <summary>df(λ) = Σ_j Λ_j/(Λ_j + λ) = Σ_i h_i, between 0 and the rank of Φ.</summary>
    public double EffectiveDegreesOfFreedom(double damping) => Eigenvalues.Sum(value => value / (value + damping));

    /// <summary>h_i = φ_iᵀK_λ⁻¹φ_i of each training picture, in [0, 1).</summary>
    public double[] Leverages(double damping)
    {
        using var scope = NewDisposeScope();
        return [.. _members.square().mv(Inverse(damping)).data<double>()];
    }

    /// <summary>Rows in the kernel's coordinates, ready for every λ.</summary>
    /// <param name="rows">float64 [m, k], such as queries.</param>
    /// <returns>The caller disposes it.</returns>
    public KernelRows Project(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var scope = NewDisposeScope();
        return new(rows.matmul(_basis).DetachFromDisposeScope(), rows.alias().DetachFromDisposeScope());
    }

    /// <summary>A·K_λ⁻¹·Φᵀ.</summary>
    /// <param name="rows">A, of m rows.</param>
    /// <param name="damping">λ ≥ 0.</param>
    /// <returns>float64 [m, n] in the caller's dispose scope.</returns>
    public Tensor WithMembers(KernelRows rows, double damping)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return (rows.Coordinates * Inverse(damping)).matmul(_members.t());
    }

    /// <summary>A·K_λ⁻¹.</summary>
    /// <param name="rows">A, of m rows.</param>
    /// <param name="damping">λ ≥ 0; with 0, the pseudoinverse stands for the inverse.</param>
    /// <returns>float64 [m, k] in the caller's dispose scope.</returns>
    public Tensor Solve(KernelRows rows, double damping)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var inside = (rows.Coordinates * Inverse(damping)).matmul(_basis.t());
        return damping == 0 ? inside : inside + (rows.Rows - rows.Coordinates.matmul(_basis.t())) / damping;
    }

    /// <summary>A·K_λ⁻¹·Bᵀ.</summary>
    /// <param name="left">A, of m rows.</param>
    /// <param name="right">B, of l rows.</param>
    /// <param name="damping">λ ≥ 0; with 0, the pseudoinverse stands for the inverse.</param>
    /// <returns>float64 [m, l] in the caller's dispose scope.</returns>
    public Tensor Between(KernelRows left, KernelRows right, double damping)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Between(left, right, left.Rows.matmul(right.Rows.t()), damping);
    }

    /// <summary>A·K_λ⁻¹·Bᵀ where the features themselves are not known.</summary>
    /// <param name="left">A, of m rows.</param>
    /// <param name="right">B, of l rows.</param>
    /// <param name="products">A·Bᵀ, float64 [m, l].</param>
    /// <param name="damping">λ ≥ 0; with 0 the pseudoinverse stands for the inverse.</param>
    /// <returns>float64 [m, l] in the caller's dispose scope.</returns>
    public Tensor Between(KernelRows left, KernelRows right, Tensor products, double damping)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(products);
        var inside = (left.Coordinates * Inverse(damping)).matmul(right.Coordinates.t());
        if (damping == 0) return inside;
        return inside + (products - left.Coordinates.matmul(right.Coordinates.t())) / damping;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _basis.Dispose();
        _members.Dispose();
    }

    private Tensor Inverse(double damping) => tensor(Eigenvalues.Select(value => 1 / (value + damping)).ToArray());
}

/// <summary>Rows of features beside a <see cref="RidgeKernel"/>.</summary>
public sealed class KernelRows : IDisposable
{
    internal KernelRows(Tensor coordinates, Tensor rows) => (Coordinates, Rows) = (coordinates, rows);

    /// <summary>A·V, float64 [m, r].</summary>
    public Tensor Coordinates { get; }

    /// <summary>A, float64 [m, k].</summary>
    public Tensor Rows { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Coordinates.Dispose();
        Rows.Dispose();
    }
}
