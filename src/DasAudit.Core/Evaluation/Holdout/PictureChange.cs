using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>How far generated queries change that models without a group generate again.</summary>
internal static class PictureChange
{
    /// <summary>Generates what is missing, and compares with what the model of all pictures generates.</summary>
    /// <param name="bySeed">Jobs of each training seed, that of all pictures first; all trained.</param>
    public static HoldoutTruth Of(EvaluationCourt court, IReadOnlyList<IReadOnlyList<RetrainingJob>> bySeed)
    {
        var queries = court.Regenerated();
        queries.Generate([.. bySeed.SelectMany(jobs => jobs)]);
        var all = bySeed.Select(jobs => jobs[0]).ToList();
        var others = all.SelectMany(a => all.Where(b => b != a).Select(b => queries.Distances(b, a))).ToList();
        return new(
            "picture-change",
            "How far the picture moves that is generated again from its seed: L2 distance of the pixels to what the "
                + "model of all pictures generates.",
            [.. bySeed.Select(jobs => OfSeed(queries, jobs, court.Generated.Count))],
            others.Count == 0 ? null : [.. court.Generated.Select(q => others.Average(distances => distances[q]))]
        );
    }

    // [query][group]
    private static double[][] OfSeed(RegeneratedQueries queries, IReadOnlyList<RetrainingJob> jobs, int count)
    {
        var byGroup = jobs.Skip(1).Select(job => queries.Distances(job, jobs[0])).ToList();
        return [.. Enumerable.Range(0, count).Select(q => byGroup.Select(distances => distances[q]).ToArray())];
    }
}
