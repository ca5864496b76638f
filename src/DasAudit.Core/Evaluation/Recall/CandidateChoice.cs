using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;

namespace DasAudit.Core.Evaluation.Recall;

/// <summary>What an audit would hold each query against with one encoder and one limit.</summary>
/// <param name="Encoder">Its place among those of the request.</param>
/// <param name="Limit">The size of the semantic tier.</param>
/// <param name="Queries">With their candidates and background.</param>
internal sealed record CandidateChoice(int Encoder, int Limit, IReadOnlyList<AuditQuery> Queries)
{
    /// <summary>Chooses for all queries, as an audit does.</summary>
    public static CandidateChoice Of(EvaluationCourt court, EmbeddingIndex index, int encoder, int limit)
    {
        var (plan, pool) = (court.Material.Plan, court.Material.Pool);
        var seed = plan.Options.Gradients.Seed;
        var options = new CandidateOptions { Limit = limit, Seed = seed };
        var selector = new CandidateSelector(pool, options, index);
        return new(encoder, limit, [.. court.Queries.Select(Choose)]);

        AuditQuery Choose(AuditQuery query)
        {
            var selection = selector.Select(query.Picture.Picture, court.Stages.Cancellation);
            var background = BackgroundSample.Draw(pool.Members, selection.Candidates, plan.Background, seed);
            return new(query.Picture, query.Input, selection, selection.Candidates.Count, background);
        }
    }

    /// <summary>Mean number of candidates.</summary>
    public double MeanCandidates => Queries.Average(query => (double)query.MemberCount);

    /// <summary>Training pictures that are a candidate or background of any query.</summary>
    public int Needed =>
        Queries
            .SelectMany(query => query.Scored.Concat(query.Background.Items))
            .Select(item => item.Index)
            .Distinct()
            .Count();
}
