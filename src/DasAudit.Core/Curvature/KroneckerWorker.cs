using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>A copy of the model, whose passes over training pictures with a sampled target are added to sums.</summary>
internal sealed class KroneckerWorker(ModelCopy copy, GradientOptions options) : IModelWorker
{
    private readonly NoiseSource _noise = new(options.Seed);
    private readonly KroneckerTaps _taps = new(copy.Model, options.Parameters);

    public IReadOnlyList<KroneckerLayer> Layers => _taps.Layers;

    public NoisyBatches Batches { get; } = options.Batches(copy.Model);

    public int Parameters => _taps.Parameters;

    /// <summary>Checks that the layers can be followed.</summary>
    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        var noise = Batches.Noise(condition);
        _taps.Check(noise, new SampledTarget(_noise, []).Directions(noise));
        var sums = Layers.Sum(layer => layer.FactorSize + layer.WeightSize);
        return new(copy.Model.WeightBytes + 2 * sizeof(double) * sums, _taps.BytesPerRow, BatchMemory.UsualRows);
    }

    /// <summary>Adds a picture's passes, in batches of at most so many rows.</summary>
    public void Add(ModelPicture picture, KroneckerSums sums, int rows, CancellationToken cancellation)
    {
        var pixels = picture.Read();
        var target = new SampledTarget(_noise, pixels);
        Batches.ForEach(
            picture with
            {
                Read = () => pixels,
            },
            rows,
            (batch, _) => Add(batch, target, sums),
            cancellation
        );
    }

    /// <summary>Adds the first batch of a blank picture; returns the part of a picture's passes that it is.</summary>
    public double AddBatch(Condition? condition, KroneckerSums sums, int rows) =>
        Batches.RunFirst(condition, rows, (batch, _) => Add(batch, new(_noise, []), sums));

    public void Dispose()
    {
        _taps.Dispose();
        copy.Dispose();
    }

    private void Add(NoisyBatch batch, SampledTarget target, KroneckerSums sums) =>
        _taps.Run(batch, target.Directions(batch), sums.Add);
}
