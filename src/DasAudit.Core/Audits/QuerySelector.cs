using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;

namespace DasAudit.Core.Audits;

/// <summary>Selects what each audited picture is held against.</summary>
internal sealed class QuerySelector
{
    private readonly AuditPlan _plan;
    private readonly AuditedModel _model;
    private readonly PicturePool _pool;
    private readonly AuditStages _stages;
    private readonly CandidateOptions _options;

    /// <summary>A selector, if the dataset allows what was asked for; nothing heavy has been done by then.</summary>
    public QuerySelector(AuditPlan plan, AuditedModel model, PicturePool pool, AuditStages stages)
    {
        _plan = plan;
        _model = model;
        _pool = pool;
        _stages = stages;
        _options = plan.Options.Candidates with { Seed = plan.Options.Gradients.Seed };
        CandidateSelector.Check(pool, _options, hasEncoder: plan.Request.Inputs.Encoder is not null);
    }

    /// <summary>Selects for every picture; compares null queries with the pool if a method needs embeddings.</summary>
    public IReadOnlyList<AuditQuery> Select(IReadOnlyList<QueryPicture> pictures, NullQueries nullQueries)
    {
        var index = Index();
        if (index is not null && _plan.Embeddings)
            nullQueries.Compare(index, _stages.Cancellation);
        var selector = new CandidateSelector(_pool, _options, index);
        return [.. pictures.Select(picture => Select(picture, selector))];
    }

    private EmbeddingIndex? Index()
    {
        if (_plan.Request.Inputs.Encoder is not { } encoder)
            return null;
        var cache = _plan.Request.Machine.EmbeddingFolder is { } folder ? new EmbeddingCache(folder) : null;
        return EmbeddingIndex.Build(_pool, encoder, cache, _stages.Progress, _stages.Cancellation);
    }

    private AuditQuery Select(QueryPicture picture, CandidateSelector selector)
    {
        var selection = selector.Select(picture.Picture, _stages.Cancellation);
        var background = BackgroundSample.Draw(
            _pool.Members,
            selection.Candidates,
            _plan.Background,
            _plan.Options.Gradients.Seed
        );
        var input = picture.For(_model.Model, _plan.Request.Inputs).In(_plan.Region?.Sample);
        var members = selection.Candidates.Count(candidate => _pool.IsMember(candidate.Item));
        return new(picture, input, selection, members, background);
    }
}
