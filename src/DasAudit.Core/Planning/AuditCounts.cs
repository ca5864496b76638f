using DasAudit.Core.Audits;

namespace DasAudit.Core.Planning;

/// <summary>How many pictures an audit will work on.</summary>
/// <param name="Training">Training pictures and decoys whose features are needed.</param>
/// <param name="Queries">Audited pictures and those that they are tested against.</param>
/// <param name="Scored">Candidates of one query, decoys included.</param>
/// <param name="Members">Candidates of one query that are training pictures.</param>
/// <param name="QueriesScored">A query and those that it is tested against.</param>
internal sealed record AuditCounts(int Training, int Queries, int Scored, int Members, int InKernel, int QueriesScored)
{
    /// <summary>Whether all audited pictures have the same candidates, so that kernels serve them all.</summary>
    public bool SameCandidates { get; private init; }

    /// <summary>Without pictures to audit, the features of the whole dataset are computed.</summary>
    public static AuditCounts Of(AuditPlan plan, PoolSurvey pool)
    {
        var images = plan.Request.Inputs.Images.Count;
        if (images == 0)
            return new(pool.Count, 0, 0, 0, 0, 0);
        var selected = plan.Options.Candidates.Limit is { } limit
            ? limit + plan.Options.Candidates.ControlSize
            : pool.Count;
        var scored = Math.Min(pool.Count, selected);
        // A query is scored against its own candidates, of which the decoys are a part like that of all.
        var members = Math.Max(1, (int)((long)scored * pool.Members.Count / pool.Count));
        var inKernel = plan.Background is { } background
            ? Math.Min(pool.Members.Count, members + background)
            : pool.Members.Count;
        return new(
            TrainingPictures(plan, pool.Count, images, selected),
            images + pool.NullQueries,
            scored,
            members,
            inKernel,
            1 + pool.NullQueries
        )
        {
            SameCandidates = TakesAll(plan, pool.Count),
        };
    }

    private static int TrainingPictures(AuditPlan plan, int pool, int images, int selected)
    {
        if (TakesAll(plan, pool) || plan.Options.Background is not { } background)
            return pool;
        return Math.Min(pool, images * selected + background);
    }

    private static bool TakesAll(AuditPlan plan, int pool) =>
        plan.Options.Candidates.Limit is not { } limit || limit >= pool;
}
