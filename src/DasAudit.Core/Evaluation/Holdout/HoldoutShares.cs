using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>The shares of all methods of a request that have any.</summary>
internal static class HoldoutShares
{
    /// <summary>Refuses what has none, before anything heavy.</summary>
    public static void Check(HoldoutRequest request)
    {
        if (!request.Common.Audit.Options.Methods.Any(HasShares))
            throw new AuditException(
                $"Random scores have no shares; give {Files.Settings.Name("methods")} another method as well."
            );
    }

    /// <summary>Scores all queries, and makes shares of the scores.</summary>
    /// <param name="splitInto">Parts of each group in turn; null for no splitting.</param>
    public static IReadOnlyList<NamedShares> Read(
        HoldoutRequest request,
        EvaluationCourt court,
        HoldoutGroups groups,
        int? splitInto
    )
    {
        IReadOnlyList<ShareRule> rules = [ShareRule.Reported, .. request.WithOtherShares ? ShareRule.Others : []];
        var reader = new ShareReader(groups.Keys, rules, splitInto, request.Common.Truth.Seed);
        var variants = court.Methods.Where(HasShares).Select(m => MethodVariant.Usual(m, court.MethodOptions));
        var readings = court.Read(
            [.. variants],
            (_, query, scores) =>
                reader.Read(groups.Of(query.Candidates.Select(candidate => candidate.Item)), scores.Queries[0])
        );
        return NamedShares.Of(readings);
    }

    // Random scores are nobody's, and reports have no shares of them.
    private static bool HasShares(Attribution.IAttributionMethod method) =>
        method.Description.Scores.Kind != ScoreKind.Chance;
}
