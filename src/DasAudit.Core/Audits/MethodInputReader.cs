using System.Globalization;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>What methods look at: gradient features, activations, curvature influences, similarities, pixels.</summary>
internal sealed class MethodInputReader : IDisposable
{
    private const string HalfPrecision =
        "The gradient features were kept as float16 with a scale a row, which changes each value by at most 1 part "
        + "in 2048.";

    private readonly AuditMaterial _material;
    private readonly AuditStages _stages;
    private readonly CheckpointModels _models;
    private readonly FeatureReader _features;
    private readonly Dictionary<FeatureKey, PictureFeatures> _activations = [];
    private readonly KernelCache _kernels;
    private readonly CurvatureReader _curvature;
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly ReplayReader _replay;

    private MethodInputReader(AuditMaterial material, IReadOnlyList<AuditQuery> queries, AuditStages stages)
    {
        _replay = new(material, queries, stages);
        _material = material;
        _stages = stages;
        _models = new(material.Model);
        _features = new(material.Plan, _models, stages);
        _curvature = new(material, queries, stages);
        _kernels = new(KernelCache.FeatureRoom(queries.Count));
        Passes = new(material.Plan, _models);
    }

    /// <summary>Which passes the methods' gradients came from.</summary>
    public MethodPasses Passes { get; }

    /// <summary>Sentences about the features that the reader of a report must know.</summary>
    public IReadOnlyList<string> Notes => [.. _notes, .. _replay.Notes];

    private AuditPlan Plan => _material.Plan;

    private AuditedModel Model => _material.Model;

    private PicturePool Pool => _material.Pool;

    private NullQueries NullQueries => _material.NullQueries;

    public void Dispose()
    {
        _kernels.Dispose();
        _models.Dispose();
    }

    /// <summary>Computes or reads all features and activations, each training picture once for all queries.</summary>
    public static MethodInputReader Read(AuditMaterial material, IReadOnlyList<AuditQuery> queries, AuditStages stages)
    {
        var reader = new MethodInputReader(material, queries, stages);
        var audited = queries
            .Select(query => query.Input)
            .Concat(material.NullQueries.All.Select(query => query.Input))
            .ToList();
        var items = queries
            .SelectMany(query => query.Scored.Concat(query.Background.Items))
            .DistinctBy(item => item.Index)
            .OrderBy(item => item.Index)
            .ToList();
        List<KeyedPicture> training = [.. items.Select(reader.Keyed)];
        try
        {
            // A label that the model does not know would be noticed at its picture only, perhaps hours from now.
            PictureClasses.Check(material.Model.Model, items);
            reader.NoteLostText([.. audited, .. training]);
            reader.FollowSampling(queries);
            reader.ReadGradients(audited, training);
            if (material.Plan.Activations)
                reader.ReadActivations([.. audited, .. training]);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>What a method looks at for one query.</summary>
    public MethodInputs For(IAttributionMethod method, AuditQuery query)
    {
        var needs = method.Needs;
        var nullQueries = NullQueries.Beside(query.Picture.Picture).ToList();
        List<KeyedPicture> queries = [query.Input, .. nullQueries.Select(nullQuery => nullQuery.Input)];
        return new()
        {
            Members = query.MemberCount,
            Scored = query.Scored.Count,
            Queries = queries.Count,
            Replicates = Plan.Options.Gradients.Replicates,
            Features = needs.Features.ToDictionary(need => need.Name, need => Tables(need, queries, query)),
            Activations = needs.Activations ? ActivationTable(queries, query) : null,
            Retrained = Retrained(queries, query),
            Replay = needs.Replay ? _replay.Of(query) : null,
            Ekfac = needs.Ekfac ? _curvature.Of(query) : null,
            QueryHashes =
            [
                query.Picture.Picture.PixelSha256,
                .. nullQueries.Select(nullQuery => nullQuery.Item.PixelSha256),
            ],
            Similarities = Similarities(query),
            Pixels = needs.Pixels ? ReadPixels(query, nullQueries) : null,
        };
    }

    private ComparedPixels ReadPixels(AuditQuery query, IReadOnlyList<NullQuery> nullQueries) =>
        new(
            [Pixels(query.Picture.Picture.Picture), .. nullQueries.Select(nullQuery => Pixels(nullQuery.Read()))],
            [.. query.Scored.Select(item => Pixels(Pool.Read(item)))]
        );

    private IReadOnlyList<FeatureTable> Tables(
        FeatureNeed need,
        IReadOnlyList<KeyedPicture> queries,
        AuditQuery query
    ) => [.. Plan.Features.Of(need).Select(runs => Table(runs, queries, query))];

    private FeatureTable Table(FeatureRunPair runs, IReadOnlyList<KeyedPicture> queries, AuditQuery query) =>
        new(
            _features.Of(runs.Queries, queries),
            _features.Of(runs.Candidates, query.Scored.Select(Keyed)),
            query.MemberCount
        )
        {
            Background = _features.Of(runs.Candidates, query.Background.Items.Select(Keyed)),
            BackgroundWeight = query.Background.Weight,
            Kernels = Kernels(runs.Candidates, query),
            LearningRate = runs.Candidates.LearningRate,
            Layers = _models.LayerBlocks(runs.Candidates),
            Streaming = Plan.Options.Streaming with
            {
                Workers = Plan.Request.Machine.Threads,
                Cancellation = _stages.Cancellation,
            },
        };

    private FeatureTable ActivationTable(IReadOnlyList<KeyedPicture> queries, AuditQuery query) =>
        new(Activations(queries), Activations(query.Scored.Select(Keyed)), query.MemberCount)
        {
            Background = Activations(query.Background.Items.Select(Keyed)),
            BackgroundWeight = query.Background.Weight,
            Kernels = Kernels(ActivationEngine.Kind, query),
        };

    private KeptKernels Kernels(object source, AuditQuery query)
    {
        var members = query.Scored.Take(query.MemberCount);
        int[] indices = [.. members.Concat(query.Background.Items).Select(item => item.Index)];
        return new(_kernels, new(indices, query.MemberCount, query.Background.Weight), source)
        {
            Device = Plan.Request.Machine.Device,
        };
    }

    private FeatureSet Activations(IEnumerable<KeyedPicture> pictures) =>
        FeatureSet.Of([.. pictures.Select(picture => _activations[picture.Key])]);

    private void ReadGradients(IReadOnlyList<KeyedPicture> audited, IReadOnlyList<KeyedPicture> training)
    {
        foreach (var run in Plan.Features.Runs.Where(run => !run.Trajectory))
        {
            var pictures = new List<KeyedPicture>();
            if (Plan.Features.QueryRuns.Contains(run))
                pictures.AddRange(audited);
            if (Plan.Features.CandidateRuns.Contains(run))
                pictures.AddRange(training);
            _features.Compute(run, pictures, Pool.Members.Root);
        }

        if (_features.HalfPrecision)
            _notes.Add(HalfPrecision);
        _notes.UnionWith(_features.Notes);
    }

    private void ReadActivations(IEnumerable<KeyedPicture> pictures)
    {
        var distinct = pictures.DistinctBy(picture => picture.Key).ToList();
        var engine = new ActivationEngine(Model.Pool, Plan.Options.Gradients, Plan.Request.Machine.Threads);
        // Like is compared with like: of training pictures the same part.
        var region = Plan.Region?.Sample;
        var inputs = distinct.Select(picture => picture.Picture with { Region = region }).ToList();
        var activations = engine.Compute(inputs, _stages.Progress, _stages.Cancellation);
        foreach (var (picture, activation) in distinct.Zip(activations))
            _activations[picture.Key] = activation;
        _notes.Add($"The activations that were compared are those at {engine.Place}.");
        _notes.UnionWith(engine.Notes);
    }

    // A query whose sampling is not known has no such features, and the method says what it needs.
    private void FollowSampling(IReadOnlyList<AuditQuery> queries)
    {
        var runs = Plan.Features.Runs.Where(run => run.Trajectory).ToList();
        if (runs.Count == 0)
            return;
        var nullQueries = NullQueries
            .All.Select(nullQuery => (Query: nullQuery, Sampling: SamplingOf(nullQuery)))
            .ToList();
        var audited = queries.Select(query => (Query: query, Sampling: SamplingOf(query.Picture))).ToList();
        foreach (var (query, sampling) in audited)
        {
            var beside = nullQueries.Select(nullQuery => (nullQuery.Query.Item.Path, nullQuery.Sampling));
            QuerySampling.CheckSteps(beside.Prepend((query.Picture.Path, sampling)), MethodOfTrajectories);
        }

        var follower = new SamplingFollower(_models, _stages);
        foreach (var run in runs)
        {
            foreach (var (nullQuery, sampling) in nullQueries)
            {
                var seed = QueryPicture.SeedInName(nullQuery.Item.Path);
                Follow(nullQuery.Input, nullQuery.Item.PixelSha256, seed, sampling);
            }

            foreach (var (query, sampling) in audited)
                Follow(query.Input, query.Picture.Picture.PixelSha256, query.Picture.Seed, sampling);

            void Follow(KeyedPicture picture, string pixelSha256, long? seed, GeneratorOptions sampling) =>
                _features.Add(run, picture, follower.Follow(run, picture, pixelSha256, seed, sampling));
        }
    }

    private string MethodOfTrajectories => Plan.Options.Methods.First(method => method.Needs.Trajectory).Description.Id;

    private GeneratorOptions SamplingOf(QueryPicture picture) =>
        picture.SamplingWith(Model.Model, Plan.Request.Inputs.Sampling);

    private GeneratorOptions SamplingOf(NullQuery query) =>
        QuerySampling.Of(query.Facts(), Plan.Request.Inputs.Sampling, Model.Model, query.Item.Path);

    private void NoteLostText(IReadOnlyList<KeyedPicture> pictures)
    {
        if (Model.Model is not IConditioned { Kind: ConditionKind.Text } conditioned)
            return;
        var losses = new List<(string Picture, string Loss)>();
        foreach (var picture in pictures.Select(keyed => keyed.Picture))
            if (picture.Condition is { } condition && conditioned.Notes(condition) is [var first, ..])
                losses.Add((picture.Name, first));
        if (losses.Count > 0)
            _notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of {losses.Count} of {pictures.Count} captions and prompts the model is not given all; the first "
                        + $"is that of '{losses[0].Picture}': {losses[0].Loss}"
                )
            );
    }

    private RetrainedModels? Retrained(IEnumerable<KeyedPicture> queries, AuditQuery query) =>
        _material.Retrained?.Of(queries, [.. query.Scored.Take(query.MemberCount)]);

    private float[][]? Similarities(AuditQuery query)
    {
        var similarities = query.Selection.Similarities;
        return similarities is null ? null : [similarities, .. NullQueries.Similarities(query)];
    }

    // Methods of pixels are made of products of two pictures, here over the region of both.
    private float[] Pixels(Picture picture)
    {
        var values = PictureTensor.ToValues(picture, Plan.Shape, Pool.Resize);
        Plan.Region?.Picture?.ScaleByRoots(values);
        return values;
    }

    private KeyedPicture Keyed(TrainingItem item) => KeyedPicture.Of(Model.Model, Pool, item);
}
