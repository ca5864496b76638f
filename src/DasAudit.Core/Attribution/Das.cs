using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>
/// The Diffusion Attribution Score (Lin et al., ICLR 2025) in its corrected practical form: how far the model's prediction at the query
/// would move had it never seen candidate i, by one damped Gauss–Newton step of the leave-one-out objective,
/// <para>τ(z, i) = (φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i)²,  K_λ = ΦᵀΦ + λI,</para>
/// with φ the projected, per-timestep normalised gradient of the mean prediction and ρ_i the residual factor. The leverage 1/(1−h_i) is
/// left out: with one row a picture it measures the projection rather than the data.
/// </summary>
public static class Das
{
    /// <summary>Scores one query.</summary>
    /// <param name="query">The query's features; needs <see cref="FeatureKind.UnitMean"/> and <see cref="FeatureKind.UnitLoss"/>.</param>
    /// <param name="candidates">n candidates, with features taken in the same way.</param>
    /// <param name="options">Damping and residual.</param>
    /// <param name="cancellation">Stops between noise draws.</param>
    public static DasScores Score(
        PictureFeatures query, IReadOnlyList<PictureFeatures> candidates, DasOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(options);
        TorchThreads.Use(1);
        var scores = new List<double[]>();
        var damping = new List<double>();
        var influence = new double[candidates.Count];
        for (var replicate = 0; replicate < query.SquaredErrors.Length; replicate++)
        {
            cancellation.ThrowIfCancellationRequested();
            var draw = replicate;
            var (squares, signed, lambda) = ScoreDraw(query, candidates, draw, options);
            scores.Add(squares);
            damping.Add(lambda);
            for (var i = 0; i < influence.Length; i++) influence[i] += signed[i];
        }

        return new(scores, [.. influence.Select(value => value < 0 ? -1 : 1)], damping);
    }

    private static (double[] Scores, double[] LossInfluence, double Lambda) ScoreDraw(
        PictureFeatures query, IReadOnlyList<PictureFeatures> candidates, int draw, DasOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var phi = Rows(candidates, FeatureKind.UnitMean, draw);          // Φ   [n, k]
        var phiQuery = Rows([query], FeatureKind.UnitMean, draw);         // φ(z) [1, k]
        using var kernel = DualKernel.Factorise(phi.matmul(phi.t()));
        var lambda = options.Damping.Solve(kernel, (int)phi.shape[1]);

        // S_zi = φ(z)ᵀ·K_λ⁻¹·φ_i = [(G + λI)⁻¹·Φ·φ(z)]_i, since K_λ⁻¹Φᵀ = Φᵀ(G + λI)⁻¹.
        var s = kernel.Solve(phi.matmul(phiQuery.t()), lambda).flatten();
        var rho = tensor(Residuals.Factors(options.Residual, candidates, draw));
        var tau = (s * rho).square();

        // Signed loss influence ℓ(z, i) = ∇ℓ(z)ᵀ·K_λ⁻¹·∇ℓ_i with the same kernel: K_λ⁻¹ = (1/λ)·(I − Φᵀ(G + λI)⁻¹Φ).
        var lossQuery = Rows([query], FeatureKind.UnitLoss, draw).t();
        var preconditioned = (lossQuery - phi.t().matmul(kernel.Solve(phi.matmul(lossQuery), lambda))) / lambda;
        var influence = Rows(candidates, FeatureKind.UnitLoss, draw).matmul(preconditioned).flatten();
        return ([.. tau.data<double>()], [.. influence.data<double>()], lambda);
    }

    private static Tensor Rows(IEnumerable<PictureFeatures> pictures, FeatureKind kind, int draw) =>
        stack(pictures.Select(picture => tensor(picture.Rows[kind][draw]))).to_type(float64);
}
