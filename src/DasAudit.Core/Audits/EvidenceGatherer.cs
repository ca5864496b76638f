using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution;
using DasAudit.Core.Candidates;
using DasAudit.Core.Curvature;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>
/// Collects what methods look at: gradient features, from a store where they are kept and computed where not, activations, influences by curvature,
/// similarities and pixels.
/// </summary>
/// <param name="context">The audit.</param>
/// <param name="model">The audited model.</param>
/// <param name="plan">The features that the methods need.</param>
/// <param name="others">Other pictures that the model generated.</param>
/// <param name="progress">Told of each finished picture; may be null.</param>
internal sealed class EvidenceGatherer(
    AuditContext context,
    IDiffusionModel model,
    FeaturePlan plan,
    NullQueries others,
    IProgress<StageProgress>? progress
)
{
    private const string HalfPrecision =
        "The gradient features were kept as float16 with a scale a row, which changes each value by at most 1 part in 2048.";

    private readonly Dictionary<(FeatureRun Run, FeatureKey Key), PictureFeatures> _features = [];
    private readonly Dictionary<FeatureRun, FeatureStore> _stores = [];
    private readonly Dictionary<FeatureKey, PictureFeatures> _activations = [];
    private readonly Dictionary<int, EkfacScores> _curvature = [];
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <summary>Sentences about the features that the reader must know.</summary>
    public IReadOnlyList<string> Notes => [.. _notes];

    /// <summary>Whether any of some methods has a kernel that background pictures can be in.</summary>
    public static bool LooksAtBackground(IEnumerable<IAttributionMethod> methods) =>
        methods.Any(method =>
            method.Needs.Activations
            || (
                method.Needs.Features.Count > 0
                && (method.Description.Damping is not null || method.Needs.Features.Any(need => need.LayerBlocks))
            )
        );

    /// <summary>Computes or reads all features and activations; each picture once, whichever queries it is a candidate of.</summary>
    public void Gather(
        IReadOnlyList<HashedPicture> queries,
        IReadOnlyList<CandidateSelection> candidates,
        IReadOnlyList<BackgroundSample> backgrounds,
        CancellationToken cancellation
    )
    {
        var rows = candidates
            .SelectMany(chosen => chosen.Candidates)
            .Select(c => c.Item)
            .Concat(backgrounds.SelectMany(background => background.Items))
            .DistinctBy(item => item.Index)
            .OrderBy(item => item.Index)
            .Select(Keyed)
            .ToList();
        var pairs = context.Request.Methods.SelectMany(method => method.Needs.Features).SelectMany(plan.Of).ToList();
        foreach (var run in plan.Runs)
        {
            if (run.Trajectory)
            {
                foreach (var other in others.All)
                    _features[(run, other.Picture.Key)] = Follow(
                        run,
                        other.Picture.Picture,
                        other.Item.PixelSha256,
                        SeedOf(other.Item.Path),
                        cancellation
                    );
                foreach (var (q, query) in queries.Index())
                {
                    var picture = Keyed(query, q);
                    _features[(run, picture.Key)] = Follow(
                        run,
                        picture.Picture,
                        query.PixelSha256,
                        context.Request.QuerySeeds?[q] ?? SeedOf(context.Request.Images[q]),
                        cancellation
                    );
                }

                continue;
            }

            var pictures = new List<KeyedPicture>();
            if (pairs.Any(pair => pair.Queries == run))
                pictures.AddRange([.. queries.Select(Keyed), .. others.All.Select(other => other.Picture)]);
            if (pairs.Any(pair => pair.Rows == run))
                pictures.AddRange(rows);
            Compute(run, pictures, cancellation);
        }

        if (context.Request.Methods.Any(method => method.Needs.Activations))
            GatherActivations(
                [.. queries.Select(Keyed), .. others.All.Select(other => other.Picture), .. rows],
                cancellation
            );
    }

    /// <summary>What a method looks at for one query.</summary>
    /// <remarks>Influences by curvature are computed here, since the curvature is that of the query's own candidates: once for all methods that ask for them.</remarks>
    public MethodInputs Inputs(
        IAttributionMethod method,
        int index,
        HashedPicture query,
        CandidateSelection chosen,
        BackgroundSample background,
        CancellationToken cancellation
    )
    {
        var (needs, shape, items) = (method.Needs, context.Shape, chosen.Candidates.Select(c => c.Item).ToList());
        var beside = others.Beside(query).ToList();
        IReadOnlyList<KeyedPicture> queries = [Keyed(query, index), .. beside.Select(other => other.Picture)];
        return new()
        {
            Members = Members(items),
            Scored = items.Count,
            Queries = queries.Count,
            Replicates = context.Request.Gradients.Replicates,
            Features = needs.Features.ToDictionary(
                need => need.Name,
                need =>
                    (IReadOnlyList<FeatureTable>)
                        [.. plan.Of(need).Select(pair => Table(pair, queries, items, background, cancellation))]
            ),
            Activations = needs.Activations ? Table(Activations, Activations, queries, items, background) : null,
            Ekfac = needs.Ekfac ? Curvature(index, queries, items, cancellation) : null,
            Similarities = chosen.Candidates.All(c => c.Similarity is not null)
                ?
                [
                    [.. chosen.Candidates.Select(c => (float)c.Similarity!.Value)],
                    .. others.Similarities(query, items),
                ]
                : null,
            QueryPixels = needs.Pixels
                ?
                [
                    PictureTensor.ToValues(query.Picture, shape),
                    .. beside.Select(other => PictureTensor.ToValues(other.Read(), shape)),
                ]
                : null,
            ScoredPixels = needs.Pixels
                ? [.. items.Select(item => PictureTensor.ToValues(context.Pool.Read(item), shape))]
                : null,
        };
    }

    private FeatureTable Table(
        FeatureRunPair pair,
        IReadOnlyList<KeyedPicture> queries,
        List<TrainingItem> items,
        BackgroundSample background,
        CancellationToken cancellation
    )
    {
        var table = Table(
            pictures => Features(pair.Queries, pictures),
            pictures => Features(pair.Rows, pictures),
            queries,
            items,
            background
        );
        return new(table.Queries, table.Scored, table.Members)
        {
            Background = table.Background,
            BackgroundWeight = table.BackgroundWeight,
            LearningRate = pair.Rows.LearningRate,
            Layers = pair.Rows.Options.LayerBlocks(model.Network),
            Streaming = context.Request.Streaming with
            {
                Workers = context.Request.Environment.Threads,
                Cancellation = cancellation,
            },
        };
    }

    private FeatureTable Table(
        Func<IReadOnlyList<KeyedPicture>, FeatureSet> ofQueries,
        Func<IReadOnlyList<KeyedPicture>, FeatureSet> ofRows,
        IReadOnlyList<KeyedPicture> queries,
        List<TrainingItem> items,
        BackgroundSample background
    ) =>
        new(ofQueries(queries), ofRows([.. items.Select(Keyed)]), Members(items))
        {
            Background = ofRows([.. background.Items.Select(Keyed)]),
            BackgroundWeight = background.Weight,
        };

    private FeatureSet Features(FeatureRun run, IReadOnlyList<KeyedPicture> pictures) =>
        _stores.TryGetValue(run, out var store)
            ? new KeptFeatures(store, [.. pictures.Select(picture => picture.Key)])
            : FeatureSet.Of([.. pictures.Select(picture => _features[(run, picture.Key)])]);

    private FeatureSet Activations(IReadOnlyList<KeyedPicture> pictures) =>
        FeatureSet.Of([.. pictures.Select(picture => _activations[picture.Key])]);

    private int Members(IEnumerable<TrainingItem> items) => items.Count(context.Pool.IsMember);

    private KeyedPicture Keyed(TrainingItem item) => KeyedPicture.Of(model, context.Pool, item);

    private KeyedPicture Keyed(HashedPicture query, int index) =>
        KeyedPicture.Of(model, context.Request.Images[index], query, context.Request.QueryClass);

    // Into the run's store, from which they are read when they are needed; into memory where there is none.
    private void Compute(FeatureRun run, List<KeyedPicture> pictures, CancellationToken cancellation)
    {
        var request = context.Request;
        var engine = new FeatureEngine(() => run.Model.Load(request.Device), run.Options, request.Environment.Threads);
        if (OpenStore(run) is not { } store)
        {
            foreach (
                var (picture, features) in pictures.Zip(
                    engine.Compute([.. pictures.Select(picture => picture.Picture)], progress, cancellation)
                )
            )
                _features[(run, picture.Key)] = features;
            return;
        }

        if (store.Format == FeatureFormat.F16)
            _notes.Add(HalfPrecision);
        new FeatureBuilder(engine, store).Build(pictures, context.DatasetRoot, progress, cancellation);
        _stores[run] = store;
    }

    private void GatherActivations(IEnumerable<KeyedPicture> all, CancellationToken cancellation)
    {
        var request = context.Request;
        var pictures = all.DistinctBy(picture => picture.Key).ToList();
        var engine = new ActivationEngine(
            () => request.Model.Load(request.Device),
            request.Gradients,
            request.Environment.Threads
        );
        foreach (
            var (picture, activations) in pictures.Zip(
                engine.Compute([.. pictures.Select(picture => picture.Picture)], progress, cancellation)
            )
        )
            _activations[picture.Key] = activations;
        _notes.Add($"The activations that were compared are those at {engine.Place}.");
    }

    private EkfacScores Curvature(
        int index,
        IReadOnlyList<KeyedPicture> queries,
        List<TrainingItem> items,
        CancellationToken cancellation
    )
    {
        if (_curvature.TryGetValue(index, out var known))
            return known;
        var request = context.Request;
        var engine = new EkfacEngine(
            () => request.Model.Load(request.Device),
            request.Gradients,
            request.Environment.Threads
        );
        return _curvature[index] = engine.Compute(
            [.. queries.Select(query => query.Picture)],
            [.. items.Select(item => Keyed(item).Picture)],
            Members(items),
            progress,
            cancellation
        );
    }

    // Without a known trajectory a query has no such features, and the method says what it needs.
    private PictureFeatures Follow(
        FeatureRun run,
        FeaturePicture picture,
        string pixelSha256,
        long? made,
        CancellationToken cancellation
    )
    {
        var request = context.Request;
        var nothing = new PictureFeatures
        {
            Rows = new Dictionary<FeatureKind, float[][]>(),
            SquaredErrors = [],
            GradientNorms = new Dictionary<string, double[][]>(),
        };
        if (made is not { } seed)
            return nothing;
        using var loaded = run.Model.Load(request.Device);
        var condition = picture.Condition ?? new(null, null);
        var trajectory = new PictureGenerator(() => loaded, request.Sampling, 1).Trace(
            loaded,
            seed,
            condition,
            cancellation
        );
        if (PixelHash.Compute(trajectory.Picture) != pixelSha256)
            return nothing;
        var engine = new FeatureEngine(() => run.Model.Load(request.Device), run.Options, 1);
        return engine.Compute(
            [new(picture.Name, () => [], condition) { Trajectory = trajectory.Clean }],
            progress,
            cancellation
        )[0];
    }

    // Of a picture that generate named after it.
    private static long? SeedOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return
            name.StartsWith("seed-", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(5), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : null;
    }

    private FeatureStore? OpenStore(FeatureRun run)
    {
        var request = context.Request;
        if (request.FeatureStore is null && request.FeatureStores is null)
            return null;
        using var loaded = run.Model.Load(request.Device);
        var settings = FeatureSettings.Of(
            loaded,
            ModelSource.Hash(loaded),
            context.Model.Adapter,
            context.Model.AdapterVersion,
            run.Options
        );
        var folder = request.FeatureFolder(settings, plan.Runs.Count)!;
        return FeatureStore.Open(request.Resolve(folder), settings, shown: folder);
    }
}
