using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Store;

namespace DasAudit.Core.Audits;

/// <summary>Collects what methods look at: gradient features, from a store where they are kept and computed where not, similarities and pixels.</summary>
/// <param name="context">The audit.</param>
/// <param name="model">The audited model.</param>
/// <param name="plan">The features that the methods need.</param>
/// <param name="progress">Told of each finished picture; may be null.</param>
internal sealed class EvidenceGatherer(AuditContext context, IDiffusionModel model, FeaturePlan plan, IProgress<StageProgress>? progress)
{
    private const string HalfPrecision = "The gradient features were kept as float16 with a scale a row, which changes each value by at most 1 part in 2048.";

    private readonly Dictionary<(FeatureRun Run, FeatureKey Key), PictureFeatures> _features = [];
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <summary>Sentences about the features that the reader must know.</summary>
    public IReadOnlyList<string> Notes => [.. _notes];

    /// <summary>Computes or reads all features; each picture once, whichever queries it is a candidate of.</summary>
    public void Gather(IReadOnlyList<HashedPicture> queries, IReadOnlyList<CandidateSelection> candidates, CancellationToken cancellation)
    {
        var rows = candidates.SelectMany(chosen => chosen.Candidates).Select(c => c.Item).DistinctBy(item => item.Index).OrderBy(item => item.Index).Select(Keyed).ToList();
        var pairs = context.Request.Methods.SelectMany(method => method.Needs.Features).SelectMany(plan.Of).ToList();
        foreach (var run in plan.Runs)
        {
            if (run.Trajectory)
            {
                foreach (var (q, query) in queries.Index()) _features[(run, Keyed(query, q).Key)] = Follow(run, q, query, cancellation);
                continue;
            }

            var pictures = new List<KeyedPicture>();
            if (pairs.Any(pair => pair.Queries == run)) pictures.AddRange(queries.Select(Keyed));
            if (pairs.Any(pair => pair.Rows == run)) pictures.AddRange(rows);
            foreach (var (picture, features) in pictures.Zip(Compute(run, pictures, cancellation))) _features[(run, picture.Key)] = features;
        }
    }

    /// <summary>What a method looks at for one query.</summary>
    public MethodInputs Inputs(IAttributionMethod method, int index, HashedPicture query, CandidateSelection chosen)
    {
        var (needs, shape, items) = (method.Needs, context.Shape, chosen.Candidates.Select(c => c.Item).ToList());
        return new()
        {
            Members = items.Count(item => item.Index < context.Set.Items.Count),
            Rows = items.Count,
            Replicates = context.Request.Gradients.Replicates,
            Features = needs.Features.ToDictionary(need => need.Name, need => (IReadOnlyList<FeatureTable>)[.. plan.Of(need).Select(pair => Table(pair, index, query, items))]),
            Similarities = chosen.Candidates.All(c => c.Similarity is not null) ? [[.. chosen.Candidates.Select(c => (float)c.Similarity!.Value)]] : null,
            QueryPixels = needs.Pixels ? [PictureTensor.ToValues(query.Picture, shape)] : null,
            RowPixels = needs.Pixels ? [.. items.Select(item => PictureTensor.ToValues(context.Pool.Read(item), shape))] : null,
        };
    }

    private FeatureTable Table(FeatureRunPair pair, int index, HashedPicture query, List<TrainingItem> items) => new(
        [_features[(pair.Queries, Keyed(query, index).Key)]],
        [.. items.Select(item => _features[(pair.Rows, Keyed(item).Key)])],
        items.Count(item => item.Index < context.Set.Items.Count))
    {
        LearningRate = pair.Rows.LearningRate,
        Layers = LayerBlock.Of(model.Network, pair.Rows.Options),
    };

    private KeyedPicture Keyed(TrainingItem item) => KeyedPicture.Of(model, context.Pool, item);

    private KeyedPicture Keyed(HashedPicture query, int index) => KeyedPicture.Of(model, context.Request.Images[index], query, context.Request.QueryClass);

    private IReadOnlyList<PictureFeatures> Compute(FeatureRun run, List<KeyedPicture> pictures, CancellationToken cancellation)
    {
        var request = context.Request;
        var engine = new FeatureEngine(() => run.Model.Load(request.Device), run.Options, request.Environment.Threads);
        if (OpenStore(run) is not { } store) return engine.Compute([.. pictures.Select(picture => picture.Picture)], progress, cancellation);
        if (store.Format == FeatureFormat.F16) _notes.Add(HalfPrecision);
        new FeatureBuilder(engine, store).Build(pictures, context.DatasetRoot, progress, cancellation);
        return store.Read([.. pictures.Select(picture => picture.Key)]);
    }

    // Without a known trajectory a query has no such features, and the method says what it needs.
    private PictureFeatures Follow(FeatureRun run, int index, HashedPicture query, CancellationToken cancellation)
    {
        var request = context.Request;
        var nothing = new PictureFeatures { Rows = new Dictionary<FeatureKind, float[][]>(), SquaredErrors = [], GradientNorms = new Dictionary<string, double[][]>() };
        if (Seed(index) is not { } seed) return nothing;
        using var loaded = run.Model.Load(request.Device);
        var condition = new Condition(request.QueryClass, null);
        var trajectory = new PictureGenerator(() => loaded, request.Sampling, 1).Trace(loaded, seed, condition, cancellation);
        if (PixelHash.Compute(trajectory.Picture) != query.PixelSha256) return nothing;
        var engine = new FeatureEngine(() => run.Model.Load(request.Device), run.Options, 1);
        return engine.Compute([new(request.Images[index], () => [], condition) { Trajectory = trajectory.Clean }], progress, cancellation)[0];
    }

    private long? Seed(int index)
    {
        var request = context.Request;
        if (request.QuerySeeds is { } seeds) return seeds[index];
        var name = Path.GetFileNameWithoutExtension(request.Images[index]);
        return name.StartsWith("seed-", StringComparison.Ordinal) && long.TryParse(name.AsSpan(5), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : null;
    }

    private FeatureStore? OpenStore(FeatureRun run)
    {
        var request = context.Request;
        if (request.FeatureStore is null && request.FeatureStores is null) return null;
        using var loaded = run.Model.Load(request.Device);
        var settings = FeatureSettings.Of(loaded, ModelSource.Hash(loaded), context.Model.Adapter, context.Model.AdapterVersion, run.Options);
        var folder = request.FeatureFolder(settings, plan.Runs.Count)!;
        return FeatureStore.Open(request.Resolve(folder), settings, shown: folder);
    }
}
