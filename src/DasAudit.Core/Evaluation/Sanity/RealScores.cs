using DasAudit.Core.Attribution;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>The scores of all training pictures for all queries under the audited model.</summary>
internal sealed class RealScores(EvaluationCourt court)
{
    private readonly Dictionary<string, IReadOnlyList<QueryDraws>> _byMethod = court
        .Read(
            [.. court.Methods.Select(method => MethodVariant.Usual(method, court.MethodOptions))],
            (_, query, scores) => QueryDraws.Of(scores, query.MemberCount)
        )
        .ToDictionary(reading => reading.Variant.Id, reading => reading.OfQueries);

    /// <summary>Those of a method, one a query.</summary>
    public IReadOnlyList<QueryDraws> Of(IAttributionMethod method) => _byMethod[method.Description.Id];
}

/// <summary>The scores of training pictures for one query.</summary>
/// <param name="ByReplicate">[noise draw][picture]; one draw of a method without noise.</param>
/// <param name="Mean">Over noise draws.</param>
internal sealed record QueryDraws(IReadOnlyList<double[]> ByReplicate, double[] Mean)
{
    public static QueryDraws Of(MethodScores scores, int members)
    {
        var query = scores.Queries[0];
        return new([.. query.ByReplicate.Select(draw => draw[..members])], query.Mean[..members]);
    }

    /// <summary>The mean of a figure over all pairs of noise draws; null with a single draw.</summary>
    public double? OverPairs(Func<double[], double[], double> figure)
    {
        var pairs = ByReplicate.SelectMany((a, i) => ByReplicate.Skip(i + 1).Select(b => (A: a, B: b))).ToList();
        return pairs.Count == 0 ? null : pairs.Average(pair => figure(pair.A, pair.B));
    }
}
