using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>A copy of the model, whose passes over training pictures with a sampled target are added to sums.</summary>
internal sealed class KroneckerWorker(ModelCopy copy, GradientOptions options) : IModelWorker
{
    private readonly IDiffusionModel _model = copy.Model;
    private readonly NoisyBatches _batches = options.Batches(copy.Model);
    private readonly NoiseSource _noise = new(options.Seed);
    private readonly KroneckerTaps _taps = new(copy.Model, options.Parameters);

    /// <summary>The layers.</summary>
    public IReadOnlyList<KroneckerLayer> Layers => _taps.Layers;

    public DeviceType Device => _model.Device().type;

    /// <summary>Number of attributed parameters, those of other layers included.</summary>
    public int Parameters => _taps.Parameters;

    public int LargestBatch(int rows) => _batches.LargestBatch(rows);

    /// <summary>Checks that the layers can be followed.</summary>
    /// <exception cref="AuditException">One cannot.</exception>
    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        var noise = _batches.Noise(_model.Blank(), _model.EncodeCondition(condition));
        _taps.Check(noise, new SampledTarget(_noise, []).Directions(noise));
        var sums = Layers.Sum(layer => layer.FactorSize + layer.WeightSize);
        return new(
            _model.Network.parameters().Sum(p => p.numel() * p.ElementSize) + 2 * sizeof(double) * sums,
            _taps.BytesPerRow,
            BatchMemory.UsualRows
        );
    }

    /// <summary>Adds a picture's passes.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="sums">Where to.</param>
    /// <param name="rows">Most rows of a batch.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Add(ModelPicture picture, KroneckerSums sums, int rows, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var pixels = picture.Read();
        var clean = _model.Clean(picture with { Read = () => pixels });
        var condition = _model.EncodeCondition(picture.Condition);
        var target = new SampledTarget(_noise, pixels);
        foreach (var plan in _batches.Plans(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            Add(_batches.Create(picture.Name, clean, condition, plan), target, sums);
        }
    }

    /// <summary>Adds the first batch of a blank picture.</summary>
    /// <returns>The part of a picture's passes that it is.</returns>
    public double AddBatch(Condition? condition, KroneckerSums sums, int rows)
    {
        using var scope = NewDisposeScope();
        var plan = _batches.Plans(rows).First();
        var batch = _batches.Create("noise", _model.Blank(), _model.EncodeCondition(condition), plan);
        Add(batch, new(_noise, []), sums);
        return _batches.ShareOf(plan);
    }

    public void Dispose()
    {
        _taps.Dispose();
        copy.Dispose();
    }

    private void Add(NoisyBatch batch, SampledTarget target, KroneckerSums sums) =>
        _taps.Run(batch, target.Directions(batch), sums.Add);
}
