using DasAudit.Core.Features;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// K_λ = ΦᵀΦ + λI of n training pictures with features Φ [n, k], by one eigendecomposition in double precision, from
/// which scores, leverages and effective degrees of freedom follow for every λ: of G = ΦΦᵀ where n ≤ k (dual), of ΦᵀΦ
/// where k &lt; n (primal). Forming and inverting K_λ itself in float32, as the published code of the field does, loses
/// all digits at small λ. Tensors are float64, in the caller's dispose scope; every λ ≥ 0.
/// <para>
/// With V = [v_1 … v_r] the eigenvectors of ΦᵀΦ to its eigenvalues Λ_j &gt; 0: K_λ⁻¹ = V·diag(1/(Λ + λ))·Vᵀ + (I −
/// VVᵀ)/λ, and for λ = 0 the pseudoinverse V·diag(1/Λ)·Vᵀ: what lies outside the span of Φ counts nothing then, where a
/// falling λ would let it count ever more. In the dual v_j = Φᵀu_j/√Λ_j is never formed: k·n² operations fewer.
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

    public int Count => _features.Count;

    public int Dimension => _features.Dimension;

    /// <summary>Λ, falling, all positive: as many as Φ has rank r ≤ min(n, k).</summary>
    public IReadOnlyList<double> Eigenvalues => _spectrum.Values;

    /// <summary>Factorises the kernel of Φ [n, k], the caller's, who must not change it while it is in use.</summary>
    /// <param name="spectrum">Gives the eigendecomposition; default computes it.</param>
    public static RidgeKernel Factorise(Tensor features, Func<IKernelFeatures, Spectrum>? spectrum = null)
    {
        if (features.numel() == 0)
            throw Empty();
        return features.IsFinite()
            ? Factorise(new MemoryFeatures(features.alias().DetachFromDisposeScope()), spectrum)
            : throw NotFinite();
    }

    /// <summary>
    /// Factorises a kernel known by its values alone, k(x, y) = ⟨φ(x), φ(y)⟩. Rows are then given by their kernel
    /// values with the n training pictures, and products of rows with one another by
    /// <see cref="Between(KernelRows, KernelRows, Tensor, double)"/>; A·K_λ⁻¹ itself cannot be had.
    /// </summary>
    /// <param name="gram">K, symmetric, positive semidefinite, [n, n]; the caller's, like Φ.</param>
    public static RidgeKernel OfGram(Tensor gram)
    {
        if (!gram.IsFinite())
            throw new AuditException("A kernel value is not finite, so nothing can be attributed; check the pictures.");
        if (!HasPositiveDiagonal(gram))
            throw new AuditException("All kernel values are zero, so nothing can be attributed; check the pictures.");
        return Factorise(new GramFeatures(gram.alias().DetachFromDisposeScope()), spectrum: null);
    }

    /// <summary>
    /// Factorises the kernel of features that need not fit into memory: G or ΦᵀΦ is summed block by block in double
    /// precision, and what needs Φ again reads it again. Memory: min(n, k)² numbers, a few times. The result does not
    /// depend on the number of workers.
    /// </summary>
    /// <param name="features">Φ; it must stay readable while the kernel lives.</param>
    /// <param name="spectrum">Gives the eigendecomposition; default computes it.</param>
    public static RidgeKernel Factorise(
        IFeatureBlocks features,
        int workers,
        CancellationToken cancellation,
        Func<IKernelFeatures, Spectrum>? spectrum = null
    )
    {
        if (features.Count == 0 || features.Dimension == 0)
            throw Empty();
        return Factorise(new StreamedFeatures(features, workers, cancellation), spectrum);
    }

    /// <summary>df(λ) = Σ_j Λ_j/(Λ_j + λ) = Σ_i h_i, between 0 and the rank of Φ.</summary>
    public double EffectiveDegreesOfFreedom(double damping) => Eigenvalues.Sum(value => value / (value + damping));

    /// <summary>h_i = φ_iᵀK_λ⁻¹φ_i of each training picture, in [0, 1), or up to 1 with λ = 0.</summary>
    public double[] Leverages(double damping) => Leverages([damping])[0];

    /// <summary>The same for several λ at once, [λ][n]: little more than for one.</summary>
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

    /// <summary>Rows [m, k] in the kernel's coordinates, ready for every λ; the caller disposes them.</summary>
    public KernelRows Project(Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var coordinates = _spectrum.IsDual
            ? _features.Products(rows).matmul(_spectrum.Vectors) / Roots()
            : rows.matmul(_spectrum.Vectors);
        return new(coordinates.DetachFromDisposeScope(), rows.alias().DetachFromDisposeScope());
    }

    /// <summary>A·K_λ⁻¹·Φᵀ, [m, n], of m rows; exact to float32 where features are streamed.</summary>
    public Tensor WithMembers(KernelRows rows, double damping) => WithMembers(rows, [damping])[0];

    /// <summary>The same for several λ at once, [λ, m, n]: little more than for one.</summary>
    public Tensor WithMembers(KernelRows rows, IReadOnlyList<double> dampings)
    {
        var weighted = (rows.Coordinates * Inverse(dampings).unsqueeze(1)).flatten(0, 1);
        var scores = _spectrum.Coordinates is not null
            ? weighted.matmul(_spectrum.Coordinates.t())
            : _features.FastProducts(weighted.matmul(_spectrum.Vectors.t()));
        return scores.view(dampings.Count, -1, Count);
    }

    /// <summary>A·K_λ⁻¹, [m, k], of m rows.</summary>
    public Tensor Solve(KernelRows rows, double damping)
    {
        var inside = Directions(rows.Coordinates * Inverse(damping));
        return SpansAll || damping == 0 ? inside : inside + (rows.Rows - Directions(rows.Coordinates)) / damping;
    }

    /// <summary>A·K_λ⁻¹·Bᵀ, [m, l], of m and l rows.</summary>
    public Tensor Between(KernelRows left, KernelRows right, double damping)
    {
        var inside = (left.Coordinates * Inverse(damping)).matmul(right.Coordinates.t());
        if (SpansAll || damping == 0)
            return inside;
        return inside + (left.Rows.matmul(right.Rows.t()) - left.Coordinates.matmul(right.Coordinates.t())) / damping;
    }

    /// <summary>A·K_λ⁻¹·Bᵀ, [m, l], where only inner products A·Bᵀ, [m, l], are known.</summary>
    public Tensor Between(KernelRows left, KernelRows right, Tensor products, double damping)
    {
        var inside = (left.Coordinates * Inverse(damping)).matmul(right.Coordinates.t());
        return damping == 0 ? inside : inside + (products - left.Coordinates.matmul(right.Coordinates.t())) / damping;
    }

    /// <summary>The first rows of Φ in the kernel's coordinates, [count, r].</summary>
    /// <param name="rows">Reads some of them, [m, k], where coordinates were not kept.</param>
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

    /// <summary>Uᵀ·Y, [r, m], of responses Y, [n, m], to the rows of Φ; U its left singular vectors.</summary>
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

    private static bool HasPositiveDiagonal(Tensor gram)
    {
        using var scope = NewDisposeScope();
        return gram.diagonal().gt(0).any().item<bool>();
    }

    private static RidgeKernel Factorise(IKernelFeatures features, Func<IKernelFeatures, Spectrum>? spectrum)
    {
        try
        {
            return new(features, spectrum?.Invoke(features) ?? Spectrum.Of(features));
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
