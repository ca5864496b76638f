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
    // Of what enters and leaves a layer: rearranged, and multiplied.
    private const int CopiesOfLayer = 3;

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
        var @fixed = copy.Model.WeightBytes + 2 * sizeof(double) * sums;
        return copy.Model.Device().type == DeviceType.CPU
            ? new(@fixed, _taps.BytesPerRow, BatchMemory.UsualRows)
            : BatchMemory.OnDevice(
                copy.Model.Device(),
                // The eigenvectors of all layers too.
                2 * @fixed,
                _taps.BytesPerRow + CopiesOfLayer * _taps.LayerBytesPerRow
            );
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

    /// <summary>Adds the passes of all pictures, in batches of one size.</summary>
    /// <param name="finished">Called for each picture.</param>
    public void AddTogether(
        IReadOnlyList<ModelPicture> pictures,
        KroneckerSums sums,
        int rows,
        Action finished,
        CancellationToken cancellation
    )
    {
        using var passes = Passes();
        passes.Run(pictures, rows, batch => Add(batch, sums), (_, _) => finished(), cancellation);
    }

    /// <summary>Adds a full batch of a blank picture; returns the part of a picture's passes that it is.</summary>
    public double AddFull(Condition? condition, KroneckerSums sums, int rows)
    {
        using var passes = Passes();
        return passes.RunFirst(condition, rows, batch => Add(batch, sums));
    }

    /// <summary>Adds the first batch of a blank picture; returns the part of a picture's passes that it is.</summary>
    public double AddBatch(Condition? condition, KroneckerSums sums, int rows) =>
        Batches.RunFirst(condition, rows, (batch, _) => Add(batch, new(_noise, []), sums));

    public void Dispose()
    {
        _taps.Dispose();
        copy.Dispose();
    }

    // What was added cannot be taken away again.
    private PicturePasses Passes() => new(Batches, options with { Kinds = [] }, []) { Halves = false };

    private void Add(PassBatch batch, KroneckerSums sums)
    {
        var targets = batch.Draws.SelectMany(draw =>
            Enumerable.Repeat(new SampledTarget(_noise, draw.Picture.Values), batch.Window.Timesteps)
        );
        var directions = SampledTarget.Directions(batch.Noisy, [.. targets]);
        _taps.Run(batch.Noisy, directions, Add);

        void Add(int layer, Tensor columns, Tensor deltas) =>
            sums.Add(layer, columns.narrow(0, 0, batch.Count), deltas.narrow(0, 0, batch.Count));
    }

    private void Add(NoisyBatch batch, SampledTarget target, KroneckerSums sums) =>
        _taps.Run(batch, target.Directions(batch), sums.Add);
}
