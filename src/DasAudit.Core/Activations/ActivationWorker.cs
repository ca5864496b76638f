using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Activations;

/// <summary>A copy of the model, whose forward passes over pictures leave activations.</summary>
/// <param name="copy">The model; given back with this.</param>
/// <param name="place">Where activations are taken; null to find the place.</param>
internal sealed class ActivationWorker(ModelCopy copy, GradientOptions options, ActivationPlace? place) : IModelWorker
{
    private readonly IDiffusionModel _model = copy.Model;
    private ActivationTap? _tap;
    private IProjection? _projection;
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
        return new(_model.WeightBytes, 32 * sizeof(float) * activation.numel(), BatchMemory.UsualRows);
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
            var (squaredErrors, batchActivations) = Compute(batch);
            for (var row = 0; row < plan.Rows; row++)
            {
                var (replicate, timestep) = plan.Pass(row);
                errors[replicate][timestep] = squaredErrors[row];
                activations[replicate * timesteps + timestep] = batchActivations[row];
            }
        }
    }

    /// <summary>Computes the first batch of a blank picture; returns the part of its passes that it is.</summary>
    public double ComputeBatch(Condition? condition, int rows)
    {
        using var noGradient = no_grad();
        return Batches.RunFirst(condition, rows, (batch, _) => Compute(batch));
    }

    public void Dispose()
    {
        _tap?.Dispose();
        copy.Dispose();
    }

    private (float[] SquaredErrors, float[][] Activations) Compute(NoisyBatch batch)
    {
        var prediction = _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
        var squares = (prediction - batch.Target).square().flatten(1).mean([1]).cpu().data<float>().ToArray();
        var values = InRegion(_tap!.Take(batch.Rows).to_type(float32), batch).flatten(1).contiguous().cpu();
        if (!values.isfinite().all().item<bool>())
            throw new AuditException(
                $"The activations of '{batch.Name}' in '{_tap.Place.Module}' are not finite; check the model's weights."
            );
        float[][] activations = [.. Enumerable.Range(0, batch.Rows).Select(row => values[row].data<float>().ToArray())];
        return (squares, Project(activations));
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

    private float[][] Project(float[][] activations)
    {
        var length = activations[0].Length;
        _projection ??= options.Projection.Create(options.Seed, length);
        return length <= _projection.Dimension ? activations : _projection.Project(activations);
    }
}
