using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients.Devices;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Activations;

/// <summary>A copy of the model, whose forward passes over pictures leave activations.</summary>
/// <param name="copy">The model; given back with this.</param>
/// <param name="place">Where activations are taken; null to find the place.</param>
internal sealed class ActivationWorker(ModelCopy copy, GradientOptions options, ActivationPlace? place) : IModelWorker
{
    private readonly IDiffusionModel _model = copy.Model;
    private ActivationTap? _tap;
    private IProjection? _projection;
    private RowSketch? _sketch;
    private int _length;

    /// <summary>Where activations are taken; known once prepared.</summary>
    public ActivationPlace? Place => _tap?.Place;

    public NoisyBatches Batches { get; } = options.Batches(copy.Model);

    public long FeatureBytes =>
        (long)Batches.Replicates
        * Batches.Timesteps.Length
        * Math.Min(_length, options.Projection.Create(options.Seed, _length).Dimension)
        * sizeof(float);

    /// <summary>Finds the place where none was given.</summary>
    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var noise = Batches.Noise(condition).Row(0);
        void Forward() => _model.Predict(noise.Noisy, noise.Timesteps, noise.Condition).Dispose();
        _tap = new(_model.Network, place ?? ActivationTap.Find(_model.Network, Forward));
        Forward();
        using var activation = _tap.Take(1);
        _length = (int)activation.numel();
        // A network's other intermediate values are as large as its last or smaller, level by level; there are tens.
        var perRow = 32 * sizeof(float) * activation.numel();
        return BatchMemory.OnDevice(_model.Device(), _model.WeightBytes, perRow);
    }

    public PictureFeatures Compute(ModelPicture picture, int rows, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        var timesteps = Batches.Timesteps.Length;
        var activations = new float[Batches.Replicates * timesteps][];
        var errors = Enumerable.Range(0, Batches.Replicates).Select(_ => new double[timesteps]).ToArray();
        Batches.ForEach(picture, rows, Add, cancellation);
        return new()
        {
            Rows = new Dictionary<FeatureKind, float[][]> { [ActivationEngine.Kind] = activations },
            SquaredErrors = errors,
            GradientNorms = new Dictionary<string, double[][]>(),
        };

        void Add(NoisyBatch batch, BatchPlan plan)
        {
            var squaredErrors = Errors(batch);
            var batchActivations = ToArrays(Taken(batch), _ => batch.Name);
            for (var row = 0; row < plan.Rows; row++)
            {
                var (replicate, timestep) = plan.Pass(row);
                errors[replicate][timestep] = squaredErrors[row];
                activations[replicate * timesteps + timestep] = batchActivations[row];
            }
        }
    }

    /// <summary>Computes those of many pictures in batches of one size; hands each out when it is whole.</summary>
    /// <returns>What a reader should know of how they came about.</returns>
    public IReadOnlyList<string> ComputeTogether(
        IReadOnlyList<ModelPicture> pictures,
        int rows,
        Action<int, PictureFeatures> done,
        CancellationToken cancellation
    )
    {
        using var noGradient = no_grad();
        using var passes = Passes();
        passes.Run(pictures, rows, Take, done, cancellation);
        return passes.MemoryNote is { } note ? [note] : [];
    }

    /// <summary>Computes the first batch of a blank picture; returns the part of its passes that it is.</summary>
    public double ComputeBatch(Condition? condition, int rows)
    {
        using var noGradient = no_grad();
        return Batches.RunFirst(condition, rows, (batch, _) => Compute(batch));

        void Compute(NoisyBatch batch)
        {
            Errors(batch);
            ToArrays(Taken(batch), _ => batch.Name);
        }
    }

    /// <summary>Computes a full batch of a blank picture; returns the part of its passes that it is.</summary>
    public double ComputeFull(Condition? condition, int rows)
    {
        using var noGradient = no_grad();
        using var passes = Passes();
        return passes.RunFirst(condition, rows, Take);
    }

    public void Dispose()
    {
        _tap?.Dispose();
        _sketch?.Dispose();
        copy.Dispose();
    }

    private PicturePasses Passes() => new(Batches, options with { Kinds = [ActivationEngine.Kind] }, []);

    private void Take(PassBatch batch)
    {
        var errors = Errors(batch.Noisy);
        var activations = ToArrays(
            Sketch(Taken(batch.Noisy)).narrow(0, 0, batch.Count),
            row => batch.Draws[row / batch.Window.Timesteps].Picture.Name
        );
        foreach (var (row, draw, timestep) in batch.Passes)
        {
            var features = draw.Picture.Features!;
            features.SetError(draw.Replicate, timestep, errors[row]);
            features.SetApart(0, draw.Replicate, timestep, activations[row]);
        }
    }

    // Of each row; leaves the activations in the tap.
    private float[] Errors(NoisyBatch batch)
    {
        var prediction = _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
        return (prediction - batch.Target).square().flatten(1).mean([1]).cpu().data<float>().ToArray();
    }

    // float32 [B, n], on the model's device.
    private Tensor Taken(NoisyBatch batch) =>
        InRegion(_tap!.Take(batch.Rows).to_type(float32), batch).flatten(1).contiguous();

    // [B, n] → [B, k], where the projection shortens the rows and can be made on their device.
    private Tensor Sketch(Tensor values)
    {
        var projection = Projection((int)values.shape[1]);
        if (projection is null || projection.PartFrom(0) is not { } part)
            return values;
        _sketch ??= new(part, (int)values.shape[1], projection.Dimension, values.device);
        return _sketch.Of(values);
    }

    private float[][] ToArrays(Tensor values, Func<int, string> nameOfRow)
    {
        using var local = values.cpu();
        float[][] rows =
        [
            .. Enumerable.Range(0, (int)local.shape[0]).Select(row => local[row].data<float>().ToArray()),
        ];
        if (Array.FindIndex(rows, row => !TensorPrimitives.IsFiniteAll<float>(row)) is >= 0 and var row)
            throw new AuditException(
                $"The activations of '{nameOfRow(row)}' in '{_tap!.Place.Module}' are not finite; "
                    + "check the model's weights."
            );
        return Project(rows);
    }

    // Products of these are the products over the region. Inner activations may lie on a coarser or finer grid.
    private Tensor InRegion(Tensor activations, NoisyBatch batch)
    {
        if (batch.Region is not { } weights)
            return activations;
        if (activations.shape is not [_, _, var height, var width])
            throw new AuditException(
                $"The activations in '{_tap!.Place.Module}' have the shape [{string.Join(", ", activations.shape)}], "
                    + $"which is no map of the picture, so they cannot be compared in a {Settings.Name("region")}; "
                    + "leave activation-ridge out."
            );
        return activations * nn.functional.adaptive_avg_pool2d(weights, [height, width]).sqrt();
    }

    // Of rows that were not sketched on the device.
    private float[][] Project(float[][] activations) =>
        Projection(activations[0].Length)?.Project(activations) ?? activations;

    // Null where rows are short enough.
    private IProjection? Projection(int length)
    {
        _projection ??= options.Projection.Create(options.Seed, length);
        return length <= _projection.Dimension ? null : _projection;
    }
}
