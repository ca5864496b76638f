using DasAudit.Core.Curvature;
using DasAudit.Core.Features.Store;

namespace DasAudit.Core.Audits;

/// <summary>
/// Influences by curvature. The curvature is that of a query's candidates, so queries with the same ones are scored
/// together, when the first of them is asked for.
/// </summary>
/// <param name="queries">All audited pictures.</param>
internal sealed class CurvatureReader(AuditMaterial material, IReadOnlyList<AuditQuery> queries, AuditStages stages)
{
    private readonly Dictionary<int, EkfacScores> _scores = [];

    /// <summary>Those of a query, then of its null queries, for its candidates.</summary>
    public EkfacScores Of(AuditQuery query)
    {
        if (!_scores.ContainsKey(query.Picture.Index))
            Score(query);
        return _scores[query.Picture.Index];
    }

    private void Score(AuditQuery first)
    {
        var alike = queries.Where(query => HasSameCandidates(query, first)).Append(first).Distinct().ToList();
        var pictures = alike.SelectMany(Pictures).DistinctBy(picture => picture.Key).ToList();
        var (plan, model) = (material.Plan, material.Model);
        var engine = new EkfacEngine(model.Pool, plan.Options.Gradients, plan.Request.Machine.Threads);
        var scores = engine.Compute(
            [.. pictures.Select(picture => picture.Picture)],
            [.. first.Scored.Select(item => KeyedPicture.Of(model.Model, material.Pool, item).Picture)],
            first.MemberCount,
            stages.Progress,
            stages.Cancellation
        );
        var positions = pictures.Index().ToDictionary(picture => picture.Item.Key, picture => picture.Index);
        foreach (var query in alike)
            _scores[query.Picture.Index] = scores.Of([.. Pictures(query).Select(picture => positions[picture.Key])]);
    }

    private IEnumerable<KeyedPicture> Pictures(AuditQuery query) =>
        material.NullQueries.Beside(query.Picture.Picture).Select(nullQuery => nullQuery.Input).Prepend(query.Input);

    private static bool HasSameCandidates(AuditQuery query, AuditQuery reference) =>
        query.MemberCount == reference.MemberCount
        && query.Scored.Select(item => item.Index).SequenceEqual(reference.Scored.Select(item => item.Index));
}
