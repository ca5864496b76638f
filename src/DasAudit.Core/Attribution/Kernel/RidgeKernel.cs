using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// K_λ = ΦᵀΦ + λI of n training pictures with features Φ [n, k], by one eigendecomposition in double precision, from
/// which scores, leverages and effective degrees of freedom follow for every λ: of G = ΦΦᵀ where n ≤ k (dual), of ΦᵀΦ
/// where k &lt; n (primal). Forming and inverting K_λ itself in float32, as the published code of the field does, loses
/// all digits at small λ.
/// <para>
/// With V = [v_1 … v_r] the eigenvectors of ΦᵀΦ to its eigenvalues Λ_j &gt; 0: K_λ⁻¹ = V·diag(1/(Λ + λ))·Vᵀ + (I −
/// VVᵀ)/λ, and for λ = 0 the pseudoinverse V·diag(1/Λ)·Vᵀ. In the dual v_j = Φᵀu_j/√Λ_j is never formed: k·n²
/// operations fewer.
/// </para>
/// </summary>
internal sealed class RidgeKernel : IDisposable
{
    private readonly IKernelFeatures _features;
    private readonly Spectrum _spectrum;

    private RidgeKernel(IKernelFeatures features, Spectrum spectrum)
    {
        _features = features;
        _spectrum = spectrum;
    }

    /// <summary>n.</summary>
    public int Count => _features.Count;

    /// <summary>k.</summary>
    public int Dimension => _features.Dimension;

    /// <summary>Λ, falling, all positive: as many as Φ has rank r ≤ min(n, k).</summary>
    public IReadOnlyList<double> Eigenvalues => _spectrum.Values;

    /// <summary>Factorises the kernel of some features.</summary>
    /// <param name="features">Φ, float64 [n, k]; the caller's, who must not change it while the kernel lives.</param>
    /// <exception cref="AuditException">All features are zero, there are none, or one is not finite.</exception>
    public static RidgeKernel Factorise(Tensor features)
    {
        if (features.numel() == 0)
            throw Empty();
        return IsFinite(features)
            ? Factorise(new MemoryFeatures(features.alias().DetachFromDisposeScope()))
            : throw NotFinite();
    }

    /// <summary>
    /// Factorises a kernel that is known by its values alone, k(x, y) = ⟨φ(x), φ(y)⟩. Rows are then given by their
    /// kernel values with the n training pictures, and products of rows with one another by
    /// <see cref="Between(KernelRows, KernelRows, Tensor, double)"/>; A·K_λ⁻¹ itself cannot be had.
    /// </summary>
    /// <param name="gram">
    /// K, symmetric and positive semidefinite, float64 [n, n]; stays the caller's, who must not change its numbers
    /// while the kernel lives.
    /// </param>
    /// <exception cref="AuditException">All values are zero, or one is not finite.</exception>
    public static RidgeKernel OfGram(Tensor gram)
    {
        if (!IsFinite(gram))
            throw new AuditException("A kernel value is not finite, so nothing can be attributed; check the pictures.");
        if (!HasPositiveDiagonal(gram))
            throw new AuditException("All kernel values are zero, so nothing can be attributed; check the pictures.");
        return Factorise(new GramFeatures(gram.alias().DetachFromDisposeScope()));
    }

    /// <summary>
    /// Factorises the kernel of features that need not fit into memory: G or ΦᵀΦ is summed block by block in double
    /// precision, and what needs Φ again reads it again. Memory: min(n, k)² numbers, a few times.
    /// </summary>
    /// <param name="features">Φ; it must stay readable while the kernel lives.</param>
    /// <param name="workers">Number of threads, at least 1; the result does not depend on it.</param>
    /// <exception cref="AuditException">Features are zero, none, not finite or cannot be read.</exception>
    public static RidgeKernel Factorise(IFeatureBlocks features, int workers, CancellationToken cancellation)
    {
        if (features.Count == 0 || features.Dimension == 0)
            throw Empty();
        return Factorise(new StreamedFeatures(features, workers, cancellation));
    }

    /// <summary>df(λ) = Σ_j Λ_j/(Λ_j + λ) = Σ_i h_i, between 0 and the rank of Φ.</summary>
    public double EffectiveDegreesOfFreedom(double damping) => Eigenvalues.Sum(value => value / (value + damping));

    /// <summary>h_i = φ_iᵀK_λ⁻¹φ_i of each training picture, in [0, 1), or up to 1 with λ = 0.</summary>
    public double[] Leverages(double damping) => Leverages([damping])[0];

    /// <summary>The same for several λ at once, [λ][n]: little more than for one.</summary>
    /// <param name="dampings">Each λ ≥ 0.</param>
    public double[][] Leverages(IReadOnlyList<double> dampings)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (_spectrum.Coordinates is null)
            return
            [
                .. dampings.Select(damping =>
                    _features.SquaredNorms(_spectrum.Vectors * Inverse(damping).sqrt()).data<double>().ToArray()
                ),
            ];
        return
        [
            .. Inverse(dampings)
                .matmul(_spectrum.Coordinates.square().t())
                .contiguous()
                .data<double>()
                .ToArray()
                .Chunk(Count),
        ];
    }

    /// <summary>Rows in the kernel's coordinates, ready for every λ.</summary>
    /// <param name="rows">float64 [m, k], such as queries.</param>
    /// <returns>The caller disposes it.</returns>
    public KernelRows Project(Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var coordinates = _spectrum.IsDual
            ? _features.Products(rows).matmul(_spectrum.Vectors) / Roots()
            : rows.matmul(_spectrum.Vectors);
        return new(coordinates.DetachFromDisposeScope(), rows.alias().DetachFromDisposeScope());
    }

    /// <summary>A·K_λ⁻¹·Φᵀ.</summary>
    /// <param name="rows">A, of m rows.</param>
    /// <param name="damping">λ ≥ 0; with 0 the pseudoinverse stands for the inverse, which is the limit.</param>
    /// <returns>float64 [m, n] in the caller's dispose scope; exact to float32 where features are streamed.</returns>
    public Tensor WithMembers(KernelRows rows, double damping) => WithMembers(rows, [damping])[0];

    /// <summary>The same for several λ at once: little more than for one.</summary>
    /// <param name="rows">A, of m rows.</param>
    /// <param name="dampings">Each λ ≥ 0.</param>
    /// <returns>float64 [λ, m, n] in the caller's dispose scope; likewise.</returns>
    public Tensor WithMembers(KernelRows rows, IReadOnlyList<double> dampings)
    {
        var weighted = (rows.Coordinates * Inverse(dampings).unsqueeze(1)).flatten(0, 1);
        var scores = _spectrum.Coordinates is not null
            ? weighted.matmul(_spectrum.Coordinates.t())
            : _features.FastProducts(weighted.matmul(_spectrum.Vectors.t()));
        return scores.view(dampings.Count, -1, Count);
    }

    /// <summary>A·K_λ⁻¹.</summary>
    /// <param name="rows">A, of m rows.</param>
    /// <param name="damping">λ ≥ 0; with 0 the pseudoinverse stands for the inverse.</param>
    /// <returns>float64 [m, k] in the caller's dispose scope.</returns>
    public Tensor Solve(KernelRows rows, double damping)
    {
        var inside = Directions(rows.Coordinates * Inverse(damping));
        return SpansAll || damping == 0 ? inside : inside + (rows.Rows - Directions(rows.Coordinates)) / damping;
    }

    /// <summary>A·K_λ⁻¹·Bᵀ.</summary>
    /// <param name="left">A, of m rows.</param>
    /// <param name="right">B, of l rows.</param>
    /// <param name="damping">
    /// λ ≥ 0; with 0 the pseudoinverse stands for the inverse: what lies outside the span of Φ counts nothing, where a
    /// falling λ would let it count ever more. </param>
    /// <returns>float64 [m, l] in the caller's dispose scope.</returns>
    public Tensor Between(KernelRows left, KernelRows right, double damping)
    {
        var inside = (left.Coordinates * Inverse(damping)).matmul(right.Coordinates.t());
        if (SpansAll || damping == 0)
            return inside;
        return inside + (left.Rows.matmul(right.Rows.t()) - left.Coordinates.matmul(right.Coordinates.t())) / damping;
    }

    /// <summary>A·K_λ⁻¹·Bᵀ where only inner products are known.</summary>
    /// <param name="left">A, of m rows.</param>
    /// <param name="right">B, of l rows.</param>
    /// <param name="products">A·Bᵀ, float64 [m, l].</param>
    /// <param name="damping">λ ≥ 0; with 0 the pseudoinverse stands for the inverse.</param>
    /// <returns>float64 [m, l] in the caller's dispose scope.</returns>
    public Tensor Between(KernelRows left, KernelRows right, Tensor products, double damping)
    {
        var inside = (left.Coordinates * Inverse(damping)).matmul(right.Coordinates.t());
        return damping == 0 ? inside : inside + (products - left.Coordinates.matmul(right.Coordinates.t())) / damping;
    }

    /// <summary>The first rows of Φ in the kernel's coordinates.</summary>
    /// <param name="count">How many.</param>
    /// <param name="rows">Reads some of them, float64 [m, k], where coordinates were not kept.</param>
    /// <returns>float64 [count, r] in the caller's dispose scope.</returns>
    internal Tensor Members(int count, Func<IEnumerable<int>, Tensor>? rows = null)
    {
        const int Most = 1024;
        if (_spectrum.Coordinates is not null)
            return _spectrum.Coordinates.narrow(0, 0, count);
        using var scope = NewDisposeScope();
        return cat([
                .. Enumerable
                    .Range(0, count)
                    .Chunk(Most)
                    .Select(pictures =>
                    {
                        using var chunk = NewDisposeScope();
                        using var projected = Project(rows!(pictures));
                        return projected.Coordinates.alias().MoveToOuterDisposeScope();
                    }),
            ])
            .MoveToOuterDisposeScope();
    }

    /// <summary>Uᵀ·Y: responses to the rows of Φ in the coordinates of its left singular vectors.</summary>
    /// <param name="responses">Y, float64 [n, m].</param>
    /// <returns>float64 [r, m] in the caller's dispose scope.</returns>
    internal Tensor LeftCoordinates(Tensor responses)
    {
        if (_spectrum.IsDual)
            return _spectrum.Vectors.t().matmul(responses);
        var product = _spectrum.Coordinates is not null
            ? _spectrum.Coordinates.t().matmul(responses)
            : _features.Combine(responses.t()).matmul(_spectrum.Vectors).t();
        return product / Roots().unsqueeze(1);
    }

    public void Dispose()
    {
        _spectrum.Dispose();
        _features.Dispose();
    }

    internal static AuditException NotFinite() =>
        new("A gradient feature is not finite, so nothing can be attributed; compute the features anew.");

    private static AuditException Empty() =>
        new("There are no gradient features, so nothing can be attributed; give training pictures.");

    private static bool IsFinite(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.isfinite().all().item<bool>();
    }

    private static bool HasPositiveDiagonal(Tensor gram)
    {
        using var scope = NewDisposeScope();
        return gram.diagonal().gt(0).any().item<bool>();
    }

    private static RidgeKernel Factorise(IKernelFeatures features)
    {
        try
        {
            return new(features, Spectrum.Of(features));
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    // Then nothing is outside, and what rounding says is outside must not be divided by λ.
    private bool SpansAll => Eigenvalues.Count == Dimension;

    // C·Vᵀ, [m, k].
    private Tensor Directions(Tensor coordinates) =>
        _spectrum.IsDual
            ? _features.Combine((coordinates / Roots()).matmul(_spectrum.Vectors.t()))
            : coordinates.matmul(_spectrum.Vectors.t());

    private Tensor Roots() => tensor(Eigenvalues.Select(Math.Sqrt).ToArray());

    private Tensor Inverse(double damping) => Inverse([damping])[0];

    // 1/(Λ + λ), [λ, r].
    private Tensor Inverse(IReadOnlyList<double> dampings) =>
        tensor(
            dampings.SelectMany(damping => Eigenvalues.Select(value => 1 / (value + damping))).ToArray(),
            [dampings.Count, Eigenvalues.Count]
        );
}
