using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// Journey-TRAK (Georgiev et al., 2023): what each step of the query's own sampling trajectory is owed to,
/// <para>τ_t(z, i) = φ_t(z)ᵀ·(ΦᵀΦ + λI)⁻¹·φ_i,  τ = mean over steps t of τ_t,</para>
/// with φ_t(z) the projected gradient of (1/d)·‖ε̂ − ε‖² at the clean picture that the trajectory predicts at step t,
/// noised anew, and φ_i that of the training loss averaged over timesteps.
/// </summary>
internal sealed class JourneyTrakMethod : KernelMethod
{
    private static readonly FeatureKind Kind = new("loss", Unit: false);
    private static readonly FeatureKind Step = new("loss", Unit: false, Apart: true);

    public override MethodDescription Description { get; } =
        new("journey-trak", "Journey-TRAK", "Georgiev et al., 2023", "1; the query once for each step of its sampling")
        {
            Damping = new DegreesOfFreedom(0.3),
            Scores = new(
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's "
                    + "error at the steps in which the audited picture was made, averaged over the steps; below 0, "
                    + "how much it raised that.",
                LargerMeans: "seeing the training picture lowers the model's error on the way to the audited picture "
                    + "more",
                Direction: ScoreDirection.Sign
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("journey-trak", Kind) { QueryKinds = [Step], Trajectory = true }] };

    protected override IReadOnlyList<FeatureTable> Tables(MethodInputs inputs)
    {
        var tables = base.Tables(inputs);
        if (tables[^1].Queries.Any(query => !query.Rows.ContainsKey(Step)))
            throw MethodNeeds.NoTrajectory(Description.Id);
        return tables;
    }

    protected override SetEffect Effect => SetEffect.Change;

    protected override IEnumerable<KernelSource> Kernels(Replicate replicate)
    {
        var steps = replicate.Table.PassesOf(Step, replicate.Number, replicate.Inputs.Replicates, ofQueries: true);
        FeatureRow[] queryRows = [.. steps.Select(step => new FeatureRow(Step, step))];
        return base.Kernels(replicate).Select(kernel => kernel with { QueryRows = queryRows });
    }

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) =>
        kernel.Band(damping => kernel.Scores(damping, kernel.Queries, Kind));

    protected override void AddMean(Tensor mean, MethodInputs inputs, ScoreSheet sheet) =>
        sheet.AddSteps(mean.view(-1, inputs.Queries, mean.shape[1]).unbind());
}
