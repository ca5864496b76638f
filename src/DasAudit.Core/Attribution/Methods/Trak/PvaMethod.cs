using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// Posterior-variance attribution, balanced: how much of what the model knows about the query rests on the picture.
/// Each pass b has its own kernel, of unit gradients of the loss by the parameters of up blocks, in Adam's metric:
/// <para>a_b = k_qᵀ·(G_b + λ_b·I)⁻¹,  G_b = ΦΦᵀ,  k_q = Φ·φ(z).</para>
/// The passes of one noise level t at one checkpoint c are weighed by the training pictures' own errors in them, and
/// then every noise level counts alike:
/// <para>s_ct(z, i) = Σ_b a_bi²·√(MSE_bi/mean_j MSE_bj);  τ(z, i) = mean over c, t of s_ct(z, i)/mean_j s_ct(z, j),
/// </para>
/// j over the members. So a score of 1 is that of the mean member, and scores add up over a set, as a_i² is to first
/// order how much the variance at the query of a Gaussian process rises when picture i is forgotten. Half of the draws
/// are taken at about a third of training and half at its middle, where training kept both.
/// </summary>
internal sealed class PvaMethod : FeatureMethod
{
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    private PvaMethod(string id, string title, string cost, string passes, FeatureNeed need)
    {
        Description = new(id, title, "this program; docs/methods.md", cost)
        {
            Damping = DampingRules.Default,
            Scores = new(
                $"An estimate, {passes}, each counting alike, of how much of what the model knows about the audited "
                    + "picture rests on the training picture: how much less sure of the one it would be without the "
                    + "other. Never negative.",
                LargerMeans: "more of what the model knows about the audited picture rests on the training picture",
                Scale: "A score of 1 is the mean over the training pictures that were scored."
            ),
        };
        Needs = new() { Features = [need] };
    }

    /// <summary>Out of 1000.</summary>
    internal static IReadOnlyList<int> Timesteps { get; } = [25, 50, 100, 200, 300, 500];

    public static PvaMethod Full { get; } =
        new(
            "pva",
            "Posterior-variance attribution",
            "1.2",
            "from six noise levels, two draws each",
            Need(Timesteps) with
            {
                Checkpoints = CheckpointChoice.EarlyAndMiddle,
                DrawsPerReplicate = 2,
            }
        );

    public static PvaMethod Mini { get; } =
        new(
            "pva-mini",
            "Posterior-variance attribution, small",
            "0.3",
            "from three noise levels",
            Need([25, 100, 300]) with
            {
                Checkpoints = CheckpointChoice.Early,
            }
        );

    public override MethodDescription Description { get; }

    public override MethodNeeds Needs { get; }

    protected override IReadOnlyList<FeatureTable> Tables(MethodInputs inputs) => inputs.Tables(Needs.Features[0].Name);

    protected override void Score(Replicate replicate, ScoreSheet sheet)
    {
        var passes = replicate
            .KernelsOf(Kind)
            .Select(source => (Level: (source.Table, source.Row % source.Table.Timesteps), Values: Weighted(source)))
            .ToList();
        var balanced = passes
            .GroupBy(pass => pass.Level, pass => pass.Values)
            .SelectMany(level => Balanced([.. level], replicate.Inputs.Members))
            .ToList();
        foreach (var values in balanced)
            sheet.AddBand(values, squared: true);
        sheet.AddSquares([.. balanced.SelectMany(values => values.ByDamping)], addUp: true);

        BandValues Weighted(KernelSource source)
        {
            replicate.Cancellation.ThrowIfCancellationRequested();
            using var kernel = DampedKernel.Of(source, Description, replicate.Options);
            sheet.AddKernel(kernel, squared: true);
            return kernel.Band(damping => kernel.Scores(damping) * kernel.RelativeErrors(damping).sqrt());
        }
    }

    // Brings the sum of the squares of a noise level's values to their number, in the mean over members.
    private static IEnumerable<BandValues> Balanced(IReadOnlyList<BandValues> level, int members)
    {
        var all = level.SelectMany(values => values.ByDamping).ToList();
        var squares = stack(all.Select(values => values.narrow(1, 0, members).square().mean([1L], keepdim: true)));
        var mean = squares.mean([0L]);
        // A query that no picture is like has no scale and needs none.
        var factors = mean.clamp_min(double.Epsilon).rsqrt().where(mean > 0, ones_like(mean));
        return level.Select(values => new BandValues([.. values.ByDamping.Select(value => value * factors)]));
    }

    private static FeatureNeed Need(IReadOnlyList<int> timesteps) =>
        new("pva", Kind)
        {
            Timesteps = timesteps,
            Parameters = @"(^|\.)up_blocks\.",
            AdamMetric = true,
        };
}
