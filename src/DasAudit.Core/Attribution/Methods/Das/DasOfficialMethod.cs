using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// What the code published with the Diffusion Attribution Score computes (repository Jinxu-Lin/DAS, 07_score.py), for
/// comparison only. With K̃ = K_λ⁻¹/mean|K_λ⁻¹| its inverse divided by the mean magnitude of its entries, and e_i =
/// (1/K)·Σ_t ρ_it/(‖ρ_i‖₂ + 1e-8), ρ_it = √MSE_it, which says how flat a picture's errors are over t and nothing of
/// their size:
/// <para>
/// <c>DAS1squ</c>, id <c>das-official</c>: τ = (φ(z)ᵀ·K̃·φ_i·e_i)². As written the errors are multiplied along the
/// wrong axis, which fits no matrix but a square one; this is the product with diag(e) of the notebook that the file
/// replaced.
/// </para>
/// <para>
/// <c>DAS0squ</c>, id <c>das-official-0</c>: τ = (φ(z)ᵀ·K̃·K̃·φ_i·e_i/(1 − ĥ)²)², with two inverses and with ĥ =
/// φ(z)ᵀ·K̃·φ_1 from the diagonal of the matrix of queries and training pictures where leverages were meant. As
/// written, for one query at a time.
/// </para>
/// The published λ is the one of 27 that does best on the retrained models that are then reported; here a damping rule
/// chooses. The published errors are over all 1000 timesteps, here over those of the gradients. Decoys are scored by
/// the same formula.
/// </summary>
internal sealed class DasOfficialMethod : KernelMethod
{
    private readonly bool _withHat;

    private DasOfficialMethod(string id, string formula, bool withHat)
    {
        _withHat = withHat;
        Description = new(
            id,
            $"Diffusion Attribution Score, published code, {formula}",
            "Lin et al., ICLR 2025, as published in code; for comparison only",
            "1"
        )
        {
            Damping = DampingRules.Default,
            Scores = new(
                $"What {formula} of the code published with the Diffusion Attribution Score computes, its known "
                    + "mistakes included; for comparison only. Never negative.",
                LargerMeans: "the published code ranks the training picture higher",
                ChangesAddUp: true
            ),
        };
    }

    public static DasOfficialMethod Plain { get; } = new("das-official", "DAS1squ", withHat: false);

    public static DasOfficialMethod WithHat { get; } = new("das-official-0", "DAS0squ", withHat: true);

    public override MethodDescription Description { get; }

    public override MethodNeeds Needs { get; } = new() { Features = [new("das", FeatureKind.UnitMean)] };

    protected override SetEffect Effect => SetEffect.SquaredChange;
    protected override bool HasRefits => false;

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options)
    {
        var errors = tensor(kernel.Table.Scored.SquaredErrors(kernel.Row).Select(Flatness).ToArray());
        using var scored = kernel.ProjectScored(FeatureKind.UnitMean);
        return kernel.Band(damping => Products(kernel.Ridge, kernel.Queries, scored, damping) * errors);
    }

    private Tensor Products(RidgeKernel kernel, KernelRows queries, KernelRows scored, double damping)
    {
        var scale = 1 / MeanMagnitude(kernel, damping);
        var once = kernel.Between(queries, scored, damping) * scale;
        if (!_withHat)
            return once;
        var twice = kernel.Solve(queries, damping).matmul(kernel.Solve(scored, damping).t()) * scale * scale;
        return twice / (1 - once.narrow(1, 0, 1)).square();
    }

    private static double Flatness(double[] squaredErrors)
    {
        var norm = Math.Sqrt(squaredErrors.Sum()) + 1e-8;
        return squaredErrors.Average(error => Math.Sqrt(error) / norm);
    }

    // mean|K_λ⁻¹| over all k² entries, some rows at a time.
    private static double MeanMagnitude(RidgeKernel kernel, double damping)
    {
        const int Most = 512;
        var sum = 0.0;
        for (var start = 0; start < kernel.Dimension; start += Most)
        {
            using var scope = NewDisposeScope();
            var unit = zeros([Math.Min(Most, kernel.Dimension - start), kernel.Dimension], dtype: float64);
            unit.diagonal(start).fill_(1);
            using var rows = kernel.Project(unit);
            sum += kernel.Solve(rows, damping).abs().sum().item<double>();
        }

        return sum / kernel.Dimension / kernel.Dimension;
    }
}
