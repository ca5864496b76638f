using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>A copy of the model, whose passes over training pictures with a sampled target are added to sums.</summary>
internal sealed class KroneckerWorker(IDiffusionModel model, GradientOptions options) : IDisposable
{
    private readonly int[] _timesteps = options.TimestepGrid(model.Schedule.TrainTimesteps);
    private readonly NoisyBatches _batches = new(
        model,
        options.TimestepGrid(model.Schedule.TrainTimesteps),
        new(options.Seed)
    );
    private readonly KroneckerTaps _taps = new(model, options.Parameters);

    /// <summary>The layers.</summary>
    public IReadOnlyList<KroneckerLayer> Layers => _taps.Layers;

    /// <summary>Where the model runs.</summary>
    public DeviceType Device => Layers[0].Weight.device_type;

    /// <summary>Number of attributed parameters, those of other layers included.</summary>
    public int Parameters => _taps.Parameters;

    /// <summary>Rows of the largest batch of a picture, if batches have at most so many.</summary>
    public int LargestBatch(int rows) =>
        BatchPlan.Cut(_timesteps.Length, options.Replicates, rows).Max(plan => plan.Replicates * plan.Timesteps);

    /// <summary>Checks on pure noise that the layers can be followed, and says what memory a batch takes.</summary>
    /// <exception cref="AuditException">One cannot.</exception>
    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        var shape = model.SampleShape;
        var clean = zeros([1, shape.Channels, shape.Height, shape.Width], device: Layers[0].Weight.device);
        var noise = _batches.Noise(clean, model.Condition(new("noise", () => [], condition)));
        _taps.Check(noise, new SampledTarget(new(options.Seed), []).Directions(noise));
        var factors = Layers.Sum(layer =>
            (long)layer.Inputs * layer.Inputs + (long)layer.Outputs * layer.Outputs + (long)layer.Outputs * layer.Inputs
        );
        return new(
            model.Network.parameters().Sum(p => p.numel() * p.ElementSize) + 2 * sizeof(double) * factors,
            _taps.BytesPerRow,
            BatchMemory.UsualRows
        );
    }

    /// <summary>Adds a picture's passes.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="sums">Where to.</param>
    /// <param name="rows">Most rows of a batch.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Add(FeaturePicture picture, KroneckerSums sums, int rows, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var values = picture.Read();
        var (clean, condition) = (model.Clean(picture with { Read = () => values }), model.Condition(picture));
        var target = new SampledTarget(new(options.Seed), values);
        foreach (var plan in BatchPlan.Cut(_timesteps.Length, options.Replicates, rows))
        {
            cancellation.ThrowIfCancellationRequested();
            Add(picture.Name, clean, condition, target, plan, sums);
        }
    }

    /// <summary>Adds the first batch of noise in place of a picture.</summary>
    /// <returns>The part of a picture's passes that it is.</returns>
    public double AddBatch(Condition? condition, KroneckerSums sums, int rows)
    {
        using var scope = NewDisposeScope();
        var shape = model.SampleShape;
        var clean = zeros([1, shape.Channels, shape.Height, shape.Width], device: Layers[0].Weight.device);
        var plan = BatchPlan.Cut(_timesteps.Length, options.Replicates, rows).First();
        Add("noise", clean, model.Condition(new("noise", () => [], condition)), new(new(options.Seed), []), plan, sums);
        return (double)(plan.Replicates * plan.Timesteps) / (options.Replicates * _timesteps.Length);
    }

    private void Add(
        string name,
        Tensor clean,
        Tensor? condition,
        SampledTarget target,
        BatchPlan plan,
        KroneckerSums sums
    )
    {
        using var scope = NewDisposeScope();
        var batch = _batches.Create(name, clean, condition, plan);
        _taps.Run(batch, target.Directions(batch), sums.Add);
    }

    public void Dispose()
    {
        _taps.Dispose();
        model.Dispose();
    }
}
