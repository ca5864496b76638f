using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;

namespace DasAudit.Core.Audits;

/// <summary>Gradient features of an audit's runs: read from a store or computed; in memory without a store.</summary>
internal sealed class FeatureReader
{
    private readonly AuditPlan _plan;
    private readonly CheckpointModels _models;
    private readonly AuditStages _stages;
    private readonly Dictionary<FeatureRun, FeatureStore> _stores = [];
    private readonly Dictionary<(FeatureRun Run, FeatureKey Key), PictureFeatures> _inMemory = [];

    /// <summary>Opens all stores, so that one that cannot be used is refused before anything is computed.</summary>
    public FeatureReader(AuditPlan plan, CheckpointModels models, AuditStages stages)
    {
        _plan = plan;
        _models = models;
        _stages = stages;
        if (plan.Request.Machine.Features is not { } folders)
            return;
        foreach (var run in plan.Features.Runs.Where(run => !run.Trajectory))
            _stores[run] = Open(run, folders);
    }

    /// <summary>Whether features were read or kept with less than float32's precision.</summary>
    public bool HalfPrecision => _stores.Values.Any(store => store.Format == FeatureFormat.F16);

    /// <summary>Computes what of a run's features is not kept.</summary>
    /// <param name="pictures">The pictures; one that occurs again is computed once.</param>
    /// <param name="datasetRoot">Merkle root of the dataset, for a new store.</param>
    public void Compute(FeatureRun run, IReadOnlyList<KeyedPicture> pictures, string datasetRoot)
    {
        var engine = new FeatureEngine(_models.Of(run.Model).Pool, run.Options, _plan.Request.Machine.Threads);
        if (_stores.TryGetValue(run, out var store))
        {
            new FeatureBuilder(engine, store).Build(pictures, datasetRoot, _stages.Progress, _stages.Cancellation);
            if (store.Target != store.Folder)
                _stages.Progress.Notify([AddedElsewhere(store)]);
            return;
        }

        var distinct = pictures.DistinctBy(picture => picture.Key).ToList();
        var inputs = distinct.Select(picture => picture.Picture).ToList();
        var features = engine.Compute(inputs, _stages.Progress, _stages.Cancellation);
        foreach (var (picture, computed) in distinct.Zip(features))
            _inMemory[(run, picture.Key)] = computed;
    }

    /// <summary>Takes features that somebody else computed.</summary>
    public void Add(FeatureRun run, KeyedPicture picture, PictureFeatures features) =>
        _inMemory[(run, picture.Key)] = features;

    public FeatureSet Of(FeatureRun run, IEnumerable<KeyedPicture> pictures)
    {
        if (_stores.TryGetValue(run, out var store))
            return new KeptFeatures(store, [.. pictures.Select(picture => picture.Key)]);
        return FeatureSet.Of([.. pictures.Select(picture => _inMemory[(run, picture.Key)])]);
    }

    private FeatureStore Open(FeatureRun run, FeatureFolders folders)
    {
        var settings = _models.Settings(run);
        var folder = folders.Of(settings, _plan.Features.Runs.Count);
        var additions = folders.Additions is { } second ? _plan.Request.Resolve(second) : null;
        return FeatureStore.Open(_plan.Request.Resolve(folder), settings, shown: folder, additions: additions);
    }

    private static string AddedElsewhere(FeatureStore store) =>
        $"'{store.Folder}' cannot be written to; the features that it lacked are kept in '{store.Target}'.";
}
