using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Store;

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
    /// <exception cref="AuditException">An input cannot be used; nothing is left behind, but for features that were computed and kept.</exception>
    public IEnumerable<StoredReport> Run(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var timings = new StageTimings(time);
        var queries = timings.Measure("queries", () => request.Images.Select(path => PictureReader.Read(request.Resolve(path), path)).ToList());
        using var model = timings.Measure("model", () => request.Model.Load(request.Device));
        var set = timings.Measure("dataset", () => TrainingSetLoader.Load(request.Resolve(request.Dataset), request.DatasetOptions, progress, cancellation));
        var info = Describe(request, model);
        var context = new AuditContext(
            request, info, model.PictureShape, request.Gradients.TimestepGrid(model.Schedule.TrainTimesteps), set, MerkleRoot.Compute(set.Items), OpenStore(request, model, info));

        var candidates = timings.Measure("candidates", () => SelectCandidates(request, queries, set, cancellation));
        var features = timings.Measure("gradients", () => ComputeFeatures(context, model, queries, candidates, cancellation));
        for (var q = 0; q < queries.Count; q++)
        {
            var (query, chosen) = (queries[q], candidates[q]);
            var scores = timings.Measure("attribution", () =>
                new Das().Score(features.Inputs(q, chosen), request.Method, cancellation));
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

    private Features ComputeFeatures(
        AuditContext context, IDiffusionModel model, List<HashedPicture> queries, List<CandidateSelection> candidates, CancellationToken cancellation)
    {
        var request = context.Request;
        var items = candidates.SelectMany(chosen => chosen.Candidates).Select(c => c.Item).DistinctBy(item => item.Index).OrderBy(item => item.Index).ToList();
        var pictures = queries.Select((query, q) => KeyedPicture.Of(model, request.Images[q], query, request.QueryClass))
            .Concat(items.Select(item => KeyedPicture.Of(model, context.Set, item)))
            .ToList();
        var engine = new FeatureEngine(() => request.Model.Load(request.Device), request.Gradients, request.Environment.Threads);
        if (context.Store is not { } store)
            return new(engine.Compute([.. pictures.Select(picture => picture.Picture)], progress, cancellation), queries.Count, items);
        new FeatureBuilder(engine, store).Build(pictures, context.DatasetRoot, progress, cancellation);
        return new(store.Read([.. pictures.Select(picture => picture.Key)]), queries.Count, items);
    }

    private static FeatureStore? OpenStore(AuditRequest request, IDiffusionModel model, ModelInfo info)
    {
        var settings = FeatureSettings.Of(model, info.WeightsSha256, info.Adapter, info.AdapterVersion, request.Gradients);
        return (request.FeatureStore ?? (request.FeatureStores is { } all ? Path.Combine(all, settings.FolderName()) : null)) is { } folder
            ? FeatureStore.Open(request.Resolve(folder), settings, shown: folder)
            : null;
    }

    private static ModelInfo Describe(AuditRequest request, IDiffusionModel model)
    {
        var attributed = AttributedParameters.Select(model.Network, request.Gradients.Parameters);
        return new(
            request.Model.Adapter.Name, request.Model.AdapterVersion, request.Model.AdapterSha256, request.Model.Path,
            ModelSource.Hash(model), model.Network.parameters().Sum(p => p.numel()), attributed.Count);
    }

    /// <summary>The queries' features, then the items'.</summary>
    private sealed class Features(IReadOnlyList<PictureFeatures> all, int queries, List<TrainingItem> items)
    {
        private readonly Dictionary<int, int> _rows = items.Select((item, i) => (item.Index, Row: queries + i)).ToDictionary(pair => pair.Index, pair => pair.Row);

        public MethodInputs Inputs(int query, CandidateSelection chosen) => new()
        {
            Members = chosen.Candidates.Count,
            Rows = chosen.Candidates.Count,
            Replicates = all[query].SquaredErrors.Length,
            Features = new Dictionary<string, IReadOnlyList<FeatureTable>>
            {
                ["das"] = [new([all[query]], [.. chosen.Candidates.Select(c => all[_rows[c.Item.Index]])], chosen.Candidates.Count)],
            },
        };
    }
}
