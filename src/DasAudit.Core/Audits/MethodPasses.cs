using DasAudit.Core.Attribution;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>Says which passes through which checkpoints the methods' gradients came from.</summary>
internal sealed class MethodPasses(AuditPlan plan, CheckpointModels models)
{
    /// <summary>Those of the report's method; null where there is nothing beside what a report says anyhow.</summary>
    public PassesInfo? Reported => Of(plan.Options.ReportedMethod) is { } passes && !IsUsual(passes) ? passes : null;

    /// <summary>Those of a compared method; null where they are those of the report's own.</summary>
    public PassesInfo? Compared(IAttributionMethod method) =>
        Of(method) is { } passes && !passes.SameAs(Of(plan.Options.ReportedMethod)) ? passes : null;

    private PassesInfo? Of(IAttributionMethod method)
    {
        if (method.Needs.Features is not [var need, ..])
            return null;
        var runs = plan.Features.Of(need).Select(pair => pair.Candidates).ToList();
        return new(
            [.. runs.Select(Checkpoint)],
            runs[0].Options.TimestepGrid(plan.TrainTimesteps),
            need.DrawsPerReplicate
        )
        {
            Apart = !need.PassesInOneKernel && need.Kinds.Any(kind => kind.Apart),
        };
    }

    private CheckpointInfo Checkpoint(FeatureRun run) =>
        new(models.WeightsSha256(run.Model))
        {
            Step = run.Checkpoint?.Step,
            Steps = run.Checkpoint?.Steps,
            MetricSha256 = run.Options.Metric?.Sha256,
        };

    private static bool IsUsual(PassesInfo passes) =>
        passes is { Checkpoints: [{ Step: null }], Draws: 1, Apart: false };
}
