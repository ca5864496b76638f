using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Audits;

/// <summary>
/// The audit: a query and a model meet a dataset, a selector keeps the plausible few, gradient features are read off the model, DAS turns
/// them into scores, and scores with their circumstances become a report.
/// </summary>
/// <param name="time">Clock of reports and timings.</param>
/// <param name="progress">Told of long stages; may be null.</param>
public sealed class AuditPipeline(TimeProvider time, IProgress<StageProgress>? progress)
{
    /// <summary>Audits every requested picture. Each report is the same as if its picture had been audited alone.</summary>
    /// <returns>One report a picture, in the order asked for; computed as they are taken, so that each can be stored at once.</returns>
    /// <exception cref="AuditException">An input cannot be used; nothing is left behind.</exception>
    public IEnumerable<StoredReport> Run(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var timings = new StageTimings(time);
        var queries = timings.Measure("queries", () => request.Images.Select(path => PictureReader.Read(request.Resolve(path), path)).ToList());
        using var model = timings.Measure("model", () => request.Model.Load(request.Device));
        var set = timings.Measure("dataset", () => TrainingSetLoader.Load(request.Resolve(request.Dataset), request.DatasetOptions, progress, cancellation));
        var context = new AuditContext(
            request, Describe(request, model), model.PictureShape, request.Gradients.TimestepGrid(model.Schedule.TrainTimesteps), set, MerkleRoot.Compute(set.Items));

        var candidates = timings.Measure("candidates", () => SelectCandidates(request, queries, set, cancellation));
        var features = timings.Measure("gradients", () => ComputeFeatures(context, queries, candidates, cancellation));
        for (var q = 0; q < queries.Count; q++)
        {
            var (query, chosen) = (queries[q], candidates[q]);
            var scores = timings.Measure("attribution", () =>
                Das.Score(features.Query(q), [.. chosen.Candidates.Select(c => features.Item(c.Item))], request.Das, cancellation));
            yield return ReportBuilder.Build(context, request.Images[q], query, chosen, scores, time.GetUtcNow(), timings);
        }
    }

    private List<CandidateSelection> SelectCandidates(AuditRequest request, List<HashedPicture> queries, TrainingSet set, CancellationToken cancellation)
    {
        var cache = request.CacheFolder is { } folder ? new EmbeddingCache(folder) : null;
        var index = request.Encoder is { } encoder ? EmbeddingIndex.Build(set, encoder, cache, progress, cancellation) : null;
        var selector = new CandidateSelector(set, request.Candidates with { Seed = request.Gradients.Seed }, index);
        return [.. queries.Select(query => selector.Select(query, cancellation))];
    }

    private Features ComputeFeatures(AuditContext context, List<HashedPicture> queries, List<CandidateSelection> candidates, CancellationToken cancellation)
    {
        var request = context.Request;
        var items = candidates.SelectMany(chosen => chosen.Candidates).Select(c => c.Item).DistinctBy(item => item.Index).OrderBy(item => item.Index).ToList();
        var pictures = queries
            .Select((query, q) => new FeaturePicture(request.Images[q], () => PictureTensor.ToValues(query.Picture, context.Shape), new(request.QueryClass, null)))
            .Concat(items.Select(item => new FeaturePicture(
                item.Path, () => PictureTensor.ToValues(context.Set.Read(item), context.Shape), new(item.Label, item.Caption))))
            .ToList();
        var engine = new FeatureEngine(() => request.Model.Load(request.Device), request.Gradients, request.Environment.Threads);
        return new(engine.Compute(pictures, progress, cancellation), queries.Count, items);
    }

    private static ModelInfo Describe(AuditRequest request, IDiffusionModel model)
    {
        var attributed = AttributedParameters.Select(model.Network, request.Gradients.Parameters);
        return new(
            request.Model.Adapter.Name, request.Model.AdapterVersion, request.Model.AdapterSha256, request.Model.Path,
            ModelSource.Hash(model), model.Network.parameters().Sum(p => p.numel()), attributed.Count);
    }

    /// <summary>The queries' features, then the items', in the order they were computed.</summary>
    private sealed class Features(IReadOnlyList<PictureFeatures> all, int queries, List<TrainingItem> items)
    {
        private readonly Dictionary<int, int> _rows = items.Select((item, i) => (item.Index, Row: queries + i)).ToDictionary(pair => pair.Index, pair => pair.Row);

        public PictureFeatures Query(int index) => all[index];

        public PictureFeatures Item(TrainingItem item) => all[_rows[item.Index]];
    }
}
