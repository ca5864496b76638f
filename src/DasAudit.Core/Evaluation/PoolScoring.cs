using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Scores queries against other pictures than all training pictures, or under another model than the audited one. What
/// methods look at is computed once for all queries.
/// </summary>
internal sealed class PoolScoring : IDisposable
{
    private readonly MethodInputReader _inputs;
    private readonly AuditStages _stages;

    private PoolScoring(IReadOnlyList<AuditQuery> queries, MethodInputReader inputs, AuditStages stages)
    {
        (Queries, _inputs, _stages) = (queries, inputs, stages);
    }

    /// <summary>The queries, in the order in which they were given.</summary>
    public IReadOnlyList<AuditQuery> Queries { get; }

    /// <summary>Computes or reads what the methods look at.</summary>
    /// <param name="methods">Those that will score; nothing is computed for others.</param>
    /// <param name="model">A model of the audited one's architecture; null for the audited one.</param>
    /// <param name="pool">Holds all pictures that the queries are held against.</param>
    public static PoolScoring Open(
        EvaluationCourt court,
        IReadOnlyList<IAttributionMethod> methods,
        AuditedModel? model,
        PicturePool pool,
        IEnumerable<AuditQuery> queries
    )
    {
        var request = court.Request.Audit with { Options = court.Request.Audit.Options with { Methods = methods } };
        // Features of an untrained model have no name to be kept by, and those of a retrained one are asked for once.
        if (model is not null)
            request = request with
            {
                Inputs = request.Inputs with { Model = model.Source },
                Machine = request.Machine with { Features = null },
            };
        var material = court.Material with
        {
            Plan = AuditPlan.Of(request, model ?? court.Material.Model),
            Model = model ?? court.Material.Model,
            Pool = pool,
        };
        // What is computed for a query is found again by its number.
        List<AuditQuery> numbered =
        [
            .. queries.Select((query, place) => query with { Picture = query.Picture with { Index = place } }),
        ];
        return new(numbered, MethodInputReader.Read(material, numbered, court.Stages), court.Stages);
    }

    /// <summary>The scores of a method, those of training pictures first.</summary>
    /// <param name="query">One of <see cref="Queries"/>.</param>
    public MethodScores Score(IAttributionMethod method, AuditQuery query, MethodOptions options) =>
        method.Score(_inputs.For(method, query), options, _stages.Cancellation);

    /// <summary>A query that is held against pictures of a pool, all of them.</summary>
    /// <param name="members">How many of them count as training pictures: the first.</param>
    public static AuditQuery Against(AuditQuery query, IReadOnlyList<TrainingItem> pictures, int members) =>
        new(
            query.Picture,
            query.Input,
            new([.. pictures.Select(item => new Candidate(item, [], null))], []),
            members,
            BackgroundSample.None
        );

    public void Dispose() => _inputs.Dispose();
}
