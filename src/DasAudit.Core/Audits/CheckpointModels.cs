using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Audits;

/// <summary>Models of an audit's runs: the audited one, and one other checkpoint of its training at a time.</summary>
/// <param name="audited">The audited model; stays the caller's.</param>
internal sealed class CheckpointModels(AuditedModel audited) : IDisposable
{
    private readonly Dictionary<ModelSource, string> _hashes = [];
    private AuditedModel? _checkpoint;

    /// <summary>The model of a checkpoint; another checkpoint's model is unloaded for it.</summary>
    public AuditedModel Of(ModelSource checkpoint)
    {
        if (checkpoint == audited.Source)
            return audited;
        if (_checkpoint?.Source != checkpoint)
        {
            _checkpoint?.Dispose();
            _checkpoint = null;
            _checkpoint = AuditedModel.Load(checkpoint, audited.Device);
        }

        return _checkpoint;
    }

    /// <summary>SHA-256 of a checkpoint's weights; its model is loaded for it at most once.</summary>
    public string WeightsSha256(ModelSource checkpoint)
    {
        if (!_hashes.TryGetValue(checkpoint, out var hash))
            _hashes[checkpoint] = hash = Of(checkpoint).WeightsSha256;
        return hash;
    }

    public FeatureSettings Settings(FeatureRun run)
    {
        var model = Of(run.Model);
        var weights = WeightsSha256(run.Model);
        using var copy = model.Pool.Rent();
        var source = model.Source;
        return FeatureSettings.Of(copy.Model, weights, source.Adapter.Name, source.AdapterVersion, run.Options);
    }

    /// <summary>Where each layer lies in a run's features; empty where gradients are projected as a whole.</summary>
    public IReadOnlyList<LayerBlock> LayerBlocks(FeatureRun run)
    {
        using var copy = audited.Pool.Rent();
        return run.Options.LayerBlocks(copy.Model);
    }

    public void Dispose() => _checkpoint?.Dispose();
}
