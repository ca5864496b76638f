using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// The Diffusion Attribution Score of the whole prediction rather than of its mean: how far all d outputs at the query move,
/// <para>τ(z, i) = mean over t of ‖J_z·K_λ⁻¹·b_i‖²,  b_i = mean over t of J_iᵀr_i,  K = Σ_i mean over t of J_iᵀJ_i,</para>
/// without ever forming a Jacobian J. b_i is the gradient of the training loss (times d/2; scores here are in units of (2/d)²). Random probes
/// v ~ N(0, I) stand for the outputs: kernel rows w_i = mean over t of J_iᵀv_it with v of each picture's own, whose outer products are in
/// expectation those of K up to the number of timesteps, and query rows q_b = J_zᵀv_b with other probes, E(vᵀu)² = ‖u‖².
/// <para>
/// The square of one noisy b_i is too large by the variance of its noise. So noise draws are taken two by two, each with its own kernel, and
/// τ = (1/B)·Σ_b s_bi·s′_bi with s_bi = q_bᵀ·K_λ⁻¹·b_i from one draw and s′_bi from the other, whose noise averages out; it may be
/// negative. R replicates give ⌊R/2⌋ independent scores. A single noise draw is squared.
/// </para>
/// </summary>
public sealed class DasV : IAttributionMethod
{
    private const string Features = "das-v";
    private static readonly FeatureKind Loss = new("loss", Unit: false);
    private readonly FeatureKind[] _kernelRows;
    private readonly FeatureKind[] _queryRows;

    /// <summary>The method with some numbers of probes.</summary>
    /// <param name="kernelProbes">Kernel rows for each picture and noise draw; each costs every training picture one more backward pass.</param>
    /// <param name="queryProbes">Query rows for each timestep.</param>
    public DasV(int kernelProbes = 1, int queryProbes = 4)
    {
        _kernelRows =
        [
            .. Enumerable.Range(0, kernelProbes).Select(n => new FeatureKind($"picture-probe:{n}", Unit: false)),
        ];
        _queryRows =
        [
            .. Enumerable
                .Range(0, queryProbes)
                .Select(n => new FeatureKind($"random-probe:{n}", Unit: false, Apart: true)),
        ];
        Needs = new() { Features = [new(Features, [Loss, .. _kernelRows]) { QueryKinds = [Loss, .. _queryRows] }] };
    }

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "das-v",
            "Diffusion Attribution Score, vector form",
            "after Lin et al., ICLR 2025, with all outputs of the prediction",
            "1; the query once for each probe",
            "the model's prediction at the audited picture would move further had it never seen the training picture"
        )
        {
            Damping = DampingRules.Default,
            Meaning =
                "An estimate, by a linear approximation, of how far the model's output at the audited picture would move, at all of its pixels rather than on their average, had the model never seen the training picture. Around 0, noise can make it negative.",
            Direction = ScoreDirection.Beside,
            ChangesAddUp = true,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; }

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var table = inputs.Table(Features);
        var single = inputs.Replicates == 1;
        return ScoreSheet.Fill(
            inputs,
            single ? 1 : inputs.Replicates / 2,
            (sheet, pair) =>
            {
                int[] draws = single ? [0] : [2 * pair, 2 * pair + 1];
                (FeatureKind Kind, int Row)[] probes =
                [
                    .. draws.SelectMany(draw =>
                        _queryRows.SelectMany(kind =>
                            table.RowsOf(kind, draw, inputs.Replicates, ofQueries: true).Select(row => (kind, row))
                        )
                    ),
                ];
                var inner = draws
                    .Select(draw =>
                    {
                        using var kernel = DampedKernel.Of(
                            table,
                            _kernelRows,
                            draw,
                            inputs.Another(draw),
                            Description,
                            options
                        );
                        sheet.AddDamping(kernel);

                        // ℓ(z, i) = ∇ℓ(z)ᵀ·K_λ⁻¹·b_i
                        sheet.AddInfluence(kernel.LossInfluence(Loss));

                        // s_bi = q_bᵀ·K_λ⁻¹·b_i
                        using var queries = kernel.Queries(probes);
                        return kernel
                            .Band(damping => kernel.Scores(damping, queries, Loss))
                            .SelectMany(s => s.view(probes.Length, inputs.Queries, -1).unbind())
                            .ToArray();
                    })
                    .ToArray();
                sheet.AddSquares(inner[0], single ? null : inner[1]);
            },
            cancellation
        );
    }
}
