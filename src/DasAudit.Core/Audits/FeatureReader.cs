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
    private readonly Dictionary<FeatureRun, KindStores> _stores = [];
    private readonly Dictionary<(FeatureRun Run, FeatureKey Key), PictureFeatures> _inMemory = [];
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

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
    public bool HalfPrecision => _stores.Values.Any(stores => stores.HalfPrecision);

    /// <summary>What a reader should know of how features were computed that were not there before.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    /// <summary>Computes what of a run's features is not kept.</summary>
    /// <param name="pictures">The pictures; one that occurs again is computed once.</param>
    /// <param name="datasetRoot">Merkle root of the dataset, for a new store.</param>
    public void Compute(FeatureRun run, IReadOnlyList<KeyedPicture> pictures, string datasetRoot)
    {
        if (_stores.TryGetValue(run, out var stores))
        {
            stores.Verify(pictures, _stages.Progress, _stages.Cancellation);
            foreach (var (kinds, lacking) in stores.Lacking(pictures))
            {
                var engineOfKinds = Engine(run, kinds);
                new FeatureBuilder(engineOfKinds, stores.Of(kinds)).Build(
                    lacking,
                    datasetRoot,
                    _stages.Progress,
                    _stages.Cancellation
                );
                _notes.UnionWith(engineOfKinds.Notes);
            }
            NotifyOfAdditions(stores);
            return;
        }

        var engine = Engine(run, run.Options.Kinds);
        var distinct = pictures.DistinctBy(picture => picture.Key).ToList();
        var inputs = distinct.Select(picture => picture.Picture).ToList();
        var features = engine.Compute(inputs, _stages.Progress, _stages.Cancellation);
        _notes.UnionWith(engine.Notes);
        foreach (var (picture, computed) in distinct.Zip(features))
            _inMemory[(run, picture.Key)] = computed;
    }

    /// <summary>Takes features that somebody else computed.</summary>
    public void Add(FeatureRun run, KeyedPicture picture, PictureFeatures features) =>
        _inMemory[(run, picture.Key)] = features;

    public FeatureSet Of(FeatureRun run, IEnumerable<KeyedPicture> pictures)
    {
        if (_stores.TryGetValue(run, out var stores))
            return stores.Features([.. pictures.Select(picture => picture.Key)]);
        return FeatureSet.Of([.. pictures.Select(picture => _inMemory[(run, picture.Key)])]);
    }

    private FeatureEngine Engine(FeatureRun run, IReadOnlyList<FeatureKind> kinds) =>
        new(_models.Of(run.Model).Pool, run.Options with { Kinds = kinds }, _plan.Request.Machine.Threads);

    private KindStores Open(FeatureRun run, FeatureFolders folders)
    {
        var settings = _models.Settings(run);
        if (folders.Difference(settings, _plan.Request.Resolve) is { } difference)
            _stages.Progress.Notify([
                $"The features that lie in '{folders.Root}' itself were made with {difference}; those of this audit "
                    + "are kept in folders of their own there.",
            ]);
        return KindStores.Open(folders, settings, _plan.Request.Resolve);
    }

    private void NotifyOfAdditions(KindStores stores)
    {
        if (stores.All.FirstOrDefault(store => store.Target != store.Folder) is { } store)
            _stages.Progress.Notify([
                $"'{_plan.Request.Machine.Features!.Root}' cannot be written to; the features that it lacked are kept "
                    + $"in '{Path.GetDirectoryName(store.Target)}'.",
            ]);
    }
}
