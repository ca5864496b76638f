using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>All scores of a query, as they are written beside reports.</summary>
internal static class ScoreCollection
{
    public static AuditScores Of(
        AuditQuery query,
        IReadOnlyList<IAttributionMethod> methods,
        IReadOnlyList<MethodScores> scores
    ) =>
        new(
            query.Picture.Path,
            query.Picture.Picture.PixelSha256,
            [
                .. query.Scored.Select(
                    (item, i) =>
                        new ScoredPicture(item.Path, item.PixelSha256, item.Rights.RightsHolder, i >= query.MemberCount)
                ),
            ],
            [.. methods.Zip(scores, (method, ofMethod) => Scores(method, ofMethod.Queries[0]))]
        );

    private static ScoresByMethod Scores(IAttributionMethod method, QueryScores scores)
    {
        double[]? errors =
            scores.ByReplicate.Count > 1
                ? [.. Enumerable.Range(0, scores.Mean.Length).Select(i => scores.StandardError(i)!.Value)]
                : null;
        return new(method.Description.Id, scores.Mean, errors, scores.ByReplicate);
    }
}
