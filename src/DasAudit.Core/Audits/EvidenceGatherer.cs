using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Curvature;
using DasAudit.Core.Gradients.Store;

namespace DasAudit.Core.Audits;

/// <summary>
/// Collects what methods look at: gradient features, from a store where they are kept and computed where not, activations, influences by curvature,
/// similarities and pixels.
/// </summary>
/// <param name="context">The audit.</param>
/// <param name="model">The audited model.</param>
/// <param name="plan">The features that the methods need.</param>
/// <param name="progress">Told of each finished picture; may be null.</param>
internal sealed class EvidenceGatherer(AuditContext context, IDiffusionModel model, FeaturePlan plan, IProgress<StageProgress>? progress)
{
    private const string HalfPrecision = "The gradient features were kept as float16 with a scale a row, which changes each value by at most 1 part in 2048.";

    private readonly Dictionary<(FeatureRun Run, FeatureKey Key), PictureFeatures> _features = [];
    private readonly Dictionary<FeatureKey, PictureFeatures> _activations = [];
    private readonly Dictionary<int, EkfacScores> _curvature = [];
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <summary>Sentences about the features that the reader must know.</summary>
    public IReadOnlyList<string> Notes => [.. _notes];

    /// <summary>Computes or reads all features and activations; each picture once, whichever queries it is a candidate of.</summary>
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

        if (context.Request.Methods.Any(method => method.Needs.Activations)) GatherActivations([.. queries.Select(Keyed), .. rows], cancellation);
    }

    /// <summary>What a method looks at for one query.</summary>
    /// <remarks>Influences by curvature are computed here, since the curvature is that of the query's own candidates: once for all methods that ask for them.</remarks>
    public MethodInputs Inputs(IAttributionMethod method, int index, HashedPicture query, CandidateSelection chosen, CancellationToken cancellation)
    {
        var (needs, shape, items) = (method.Needs, context.Shape, chosen.Candidates.Select(c => c.Item).ToList());
        return new()
        {
            Members = Members(items),
            Rows = items.Count,
            Replicates = context.Request.Gradients.Replicates,
            Features = needs.Features.ToDictionary(need => need.Name, need => (IReadOnlyList<FeatureTable>)[.. plan.Of(need).Select(pair => Table(pair, index, query, items))]),
            Activations = needs.Activations ? new([_activations[Keyed(query, index).Key]], [.. items.Select(item => _activations[Keyed(item).Key])], Members(items)) : null,
            Ekfac = needs.Ekfac ? Curvature(index, query, items, cancellation) : null,
            Similarities = chosen.Candidates.All(c => c.Similarity is not null) ? [[.. chosen.Candidates.Select(c => (float)c.Similarity!.Value)]] : null,
            QueryPixels = needs.Pixels ? [PictureTensor.ToValues(query.Picture, shape)] : null,
            RowPixels = needs.Pixels ? [.. items.Select(item => PictureTensor.ToValues(context.Pool.Read(item), shape))] : null,
        };
    }

    private FeatureTable Table(FeatureRunPair pair, int index, HashedPicture query, List<TrainingItem> items) => new(
        [_features[(pair.Queries, Keyed(query, index).Key)]],
        [.. items.Select(item => _features[(pair.Rows, Keyed(item).Key)])],
        Members(items))
    {
        LearningRate = pair.Rows.LearningRate,
        Layers = LayerBlock.Of(model.Network, pair.Rows.Options),
    };

    private int Members(IEnumerable<TrainingItem> items) => items.Count(item => item.Index < context.Set.Items.Count);

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

    private void GatherActivations(IEnumerable<KeyedPicture> all, CancellationToken cancellation)
    {
        var request = context.Request;
        var pictures = all.DistinctBy(picture => picture.Key).ToList();
        var engine = new ActivationEngine(() => request.Model.Load(request.Device), request.Gradients, request.Environment.Threads);
        foreach (var (picture, activations) in pictures.Zip(engine.Compute([.. pictures.Select(picture => picture.Picture)], progress, cancellation))) _activations[picture.Key] = activations;
        _notes.Add($"The activations that were compared are those at {engine.Place}.");
    }

    private EkfacScores Curvature(int index, HashedPicture query, List<TrainingItem> items, CancellationToken cancellation)
    {
        if (_curvature.TryGetValue(index, out var known)) return known;
        var request = context.Request;
        var engine = new EkfacEngine(() => request.Model.Load(request.Device), request.Gradients, request.Environment.Threads);
        return _curvature[index] = engine.Compute([Keyed(query, index).Picture], [.. items.Select(item => Keyed(item).Picture)], Members(items), progress, cancellation);
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
