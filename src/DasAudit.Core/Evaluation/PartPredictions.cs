using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Evaluation;

/// <summary>What the scores of one query say of models that were trained on parts of the dataset.</summary>
internal static class PartPredictions
{
    /// <summary>
    /// The sum of the scores of each part; or, with refits, minus the exact effect of leaving out all else.
    /// Null where a method has no such effect.
    /// </summary>
    /// <param name="query">All training pictures are scored for it.</param>
    public static double[]? Of(
        MethodVariant variant,
        AuditQuery query,
        MethodScores scores,
        IReadOnlyList<IReadOnlyList<TrainingItem>> parts
    )
    {
        var places = query.Scored.Take(query.MemberCount).Index().ToDictionary(pair => pair.Item.Index, p => p.Index);
        if (!variant.UsesRefits)
            return [.. parts.Select(part => part.Sum(item => scores.Queries[0].Mean[places[item.Index]]))];
        return scores.Refits is { } refits ? [.. parts.Select(part => -refits.Of(Others(part, places)))] : null;
    }

    private static int[] Others(IReadOnlyList<TrainingItem> part, Dictionary<int, int> places)
    {
        var inPart = part.Select(item => places[item.Index]).ToHashSet();
        return [.. Enumerable.Range(0, places.Count).Where(place => !inPart.Contains(place))];
    }
}
