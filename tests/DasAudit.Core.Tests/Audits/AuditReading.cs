using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Audits;

/// <summary>An audit as far as the reading of what its methods are given.</summary>
internal sealed class AuditReading : IDisposable
{
    private readonly AuditPlan _plan;
    private readonly AuditMaterial _material;

    public AuditReading(TestAudit audit, List<StageProgress>? reported = null)
    {
        var request = audit.Request();
        var progress = reported is null ? null : new Reports(reported);
        var stages = new AuditStages(TimeProvider.System, progress, TestContext.Current.CancellationToken);
        var pictures = QueryPictures.Read(request).Readable;
        var model = AuditedModel.Load(request.Inputs.Model, request.Machine.Device);
        _plan = AuditPlan.Of(request, model);
        var pool = AuditMaterial.LoadPool(request, takesCaptions: false, stages);
        var nullQueries = NullQueries.Load(request, model.Model, pictures, stages);
        _material = new(_plan, model, pool, nullQueries, Retrained: null);
        Queries = new QuerySelector(_plan, model, pool, stages).Select(pictures, nullQueries);
        Inputs = MethodInputReader.Read(_material, Queries, stages);
    }

    public IReadOnlyList<AuditQuery> Queries { get; }

    public MethodInputReader Inputs { get; }

    /// <summary>The features of a training picture, computed by themselves.</summary>
    public float[][] Compute(string name, Func<float[]> values, FeatureKind kind)
    {
        var options = _plan.Features.CandidateRuns[0].Options;
        var engine = new FeatureEngine(_material.Model.Pool, options, threads: 1);
        var picture = new ModelPicture(name, values, new(null, null));
        return engine.Compute([picture], null, TestContext.Current.CancellationToken)[0].Rows[kind];
    }

    public void Dispose()
    {
        Inputs.Dispose();
        _material.Model.Dispose();
    }

    private sealed class Reports(List<StageProgress> reported) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => reported.Add(value);
    }
}
