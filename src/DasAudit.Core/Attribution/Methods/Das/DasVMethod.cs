using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// The Diffusion Attribution Score of the whole prediction rather than of its mean: how far all d outputs at the query
/// move,
/// <para>τ(z, i) = mean over t of ‖J_z·K_λ⁻¹·b_i‖², b_i = mean over t of ω_it·J_iᵀr_i, K = Σ_i mean over t of
/// J_iᵀJ_i,</para>
/// without ever forming a Jacobian J. ω_it makes the gradient of the training loss, J_iᵀr_i times 2/d, one of unit
/// length at each timestep, as in <see cref="DasMethod"/>: with ω = 1 it is the change that leaving out i makes,
/// exactly in the linearised model, but then one noise level outweighs all others and rankings follow ‖b_i‖ whatever
/// the query (docs/methods.md). Random probes v ~ N(0, I) stand for the outputs: kernel rows w_it = J_iᵀv_it, one for
/// each timestep, with v of each picture's own, E(w_it·w_itᵀ) = J_iᵀJ_i, and query rows q_b = J_zᵀv_b with other
/// probes, E(vᵀu)² = ‖u‖².
/// <para>
/// The square of one noisy b_i is too large by the variance of its noise. So noise draws are taken two by two, each
/// with its own kernel, and τ = (1/B)·Σ_b s_bi·s′_bi with s_bi = q_bᵀ·K_λ⁻¹·b_i from one draw and s′_bi from the other,
/// whose noise averages out; it may be negative. R replicates give ⌊R/2⌋ independent scores. A single noise draw is
/// squared.
/// </para>
/// </summary>
internal sealed class DasVMethod : FeatureMethod
{
    private readonly FeatureKind[] _kernelRows;
    private readonly FeatureKind[] _queryRows;

    /// <summary>Each kernel probe costs a backward pass a picture; query probes are rows for each timestep.</summary>
    public DasVMethod(int kernelProbes = 1, int queryProbes = 4)
    {
        _kernelRows =
        [
            .. Enumerable
                .Range(0, kernelProbes)
                .Select(n => new FeatureKind($"picture-probe:{n}", Unit: false, Apart: true)),
        ];
        _queryRows =
        [
            .. Enumerable
                .Range(0, queryProbes)
                .Select(n => new FeatureKind($"random-probe:{n}", Unit: false, Apart: true)),
        ];
        Needs = new()
        {
            Features =
            [
                new("das-v", [FeatureKind.UnitLoss, .. _kernelRows])
                {
                    QueryKinds = [FeatureKind.UnitLoss, .. _queryRows],
                    PassesInOneKernel = true,
                },
            ],
        };
    }

    public override MethodDescription Description { get; } =
        new(
            "das-v",
            "Diffusion Attribution Score, vector form",
            "after Lin et al., ICLR 2025, with all outputs of the prediction",
            "1; the query once for each probe"
        )
        {
            Damping = DampingRules.Default,
            Scores = new(
                "An estimate, by a linear approximation in which every noise level counts alike, of how far the "
                    + "model's output at the audited picture would move, at all of its pixels rather than on their "
                    + "average, had the model never seen the training picture. Around 0, noise can make it negative.",
                LargerMeans: "the model's prediction at the audited picture would move further had it never seen the "
                    + "training picture",
                Direction: ScoreDirection.Beside,
                ChangesAddUp: true
            ),
        };

    public override MethodNeeds Needs { get; }

    protected override int CountScores(int replicates) => replicates == 1 ? 1 : replicates / 2;

    protected override void Score(Replicate replicate, ScoreSheet sheet)
    {
        var inputs = replicate.Inputs;
        var first = 2 * replicate.Number;
        int[] draws = inputs.Replicates == 1 ? [0] : [first, first + 1];
        FeatureRow[] probes = [.. draws.SelectMany(draw => Probes(replicate.Table, draw, inputs.Replicates))];
        var inner = OfDraw(draws[0], probes, replicate, sheet);
        var partners = draws.Length == 1 ? null : OfDraw(draws[1], probes, replicate, sheet);
        sheet.AddSquares(inner, partners);
    }

    private IEnumerable<FeatureRow> Probes(FeatureTable table, int draw, int replicates) =>
        from kind in _queryRows
        from pass in table.PassesOf(kind, draw, replicates, ofQueries: true)
        select new FeatureRow(kind, pass);

    // s_bi = q_bᵀ·K_λ⁻¹·b_i of each probe b, with the kernel of one draw.
    private Tensor[] OfDraw(int draw, FeatureRow[] probes, Replicate replicate, ScoreSheet sheet)
    {
        int[] passes = [.. replicate.Table.PassesOf(_kernelRows[0], draw, replicate.Inputs.Replicates)];
        var source = new KernelSource(replicate.Table, _kernelRows, draw)
        {
            Rows = passes,
            RecalledRow = replicate.Inputs.Another(draw) * passes.Length,
            QueryRows = [],
        };
        using var kernel = DampedKernel.Of(source, Description, replicate.Options);
        sheet.AddKernel(kernel, squared: true);

        // ℓ(z, i) = ∇ℓ(z)ᵀ·K_λ⁻¹·b_i
        sheet.AddInfluence(kernel.LossInfluence(FeatureKind.UnitLoss));
        using var queries = kernel.Project(probes);
        var values = kernel.Band(damping => kernel.Scores(damping, queries, FeatureKind.UnitLoss));
        sheet.AddBand(values, squared: true);
        return [.. values.ByDamping.SelectMany(s => s.view(probes.Length, replicate.Inputs.Queries, -1).unbind())];
    }
}
