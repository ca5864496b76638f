using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Devices;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>Features of many pictures at once, by <see cref="PicturePasses"/>. Not thread-safe.</summary>
internal sealed class DeviceExtractor : IModelWorker
{
    private readonly ModelCopy _copy;
    private readonly GradientOptions _options;
    private readonly AttributedParameters _parameters;
    private readonly IOutputFunction[] _functions;
    private readonly IProjection _projection;
    private readonly AutogradGradients _autograd;
    private readonly DeviceGradients _gradients;
    private readonly PicturePasses _passes;
    private readonly DrawFeatures _features;
    private bool _isPlaceChecked;
    private string? _placeNote;

    /// <summary>Takes over the copy: disposes it, and reduced precision changes it for good.</summary>
    /// <exception cref="LayerNotSupportedException">A layer has no rule; the copy stays the caller's.</exception>
    public DeviceExtractor(ModelCopy copy, GradientOptions options)
    {
        (_copy, _options) = (copy, options);
        var model = copy.Model;
        var task = new GradientTask(model, options);
        (Batches, _parameters, _functions, _projection) = (
            task.Batches,
            task.Parameters,
            task.Functions,
            task.Projection
        );
        _gradients = new(model, _parameters, _functions, _projection, options.Precision);
        _autograd = new(model, _parameters, _functions, options.Precision);
        var isProbed = Array.Exists(_functions, function => function is PictureProbeOutput);
        _passes = new(Batches, options, task.FunctionNames, onProcessor: isProbed);
        _features = new(options.Kinds, task.FunctionNames);
    }

    public NoisyBatches Batches { get; }

    /// <summary>Bytes of a picture's features in float32.</summary>
    public long FeatureBytes =>
        _options.Kinds.Sum(kind => kind.Rows(_options.Replicates, Batches.Timesteps.Length))
        * (long)_projection.Dimension
        * sizeof(float);

    /// <summary>How often results came to the processor.</summary>
    public int HostCopies => _features.HostCopies;

    /// <summary>Why the engine cannot be trusted with this model; null if it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>What a reader of the features should know of how they came about.</summary>
    public IReadOnlyList<string> Notes => [.. new[] { _placeNote, _passes.MemoryNote }.OfType<string>()];

    /// <summary>Whether it can project so.</summary>
    public static bool Supports(ProjectionOptions projection) =>
        projection.Kind is not (ProjectionKind.Rademacher or ProjectionKind.Gaussian);

    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        var noise = Batches.Noise(condition);
        Fault = DeviceCheck.Fault(_gradients, _autograd, _projection, _parameters, noise, _options.Precision);
        var check = (_functions.Length + 4) * (long)_parameters.Space.Count * sizeof(float);
        UnusedTensors.Free(check);
        var plans = 2L * sizeof(int) * _parameters.Space.Count;
        return BatchMemory.OnDevice(
            Batches.Model.Device(),
            Batches.Model.WeightBytes + Math.Max(check, plans),
            Math.Max(1, _gradients.BytesPerRow)
        );
    }

    /// <summary>The features of pictures, each handed out when it is whole.</summary>
    /// <param name="rows">Most rows of a batch.</param>
    public void Run(
        IReadOnlyList<ModelPicture> pictures,
        int rows,
        Action<int, PictureFeatures> done,
        CancellationToken cancellation
    ) => _passes.Run(pictures, rows, Take, done, cancellation);

    /// <summary>Takes a batch of a blank picture; returns the part of a picture's passes that it was.</summary>
    public double RunBatch(Condition? condition, int rows) => _passes.RunFirst(condition, rows, batch => Sketch(batch));

    public void Dispose()
    {
        _passes.Dispose();
        _gradients.Dispose();
        _autograd.Dispose();
        _copy.Dispose();
    }

    private void Take(PassBatch batch)
    {
        var (sketched, useless) = Sketch(batch);
        if (useless is { } row)
            throw Useless(batch.Noisy, row.Row, row.Function, batch.Draws[row.Draw].Picture.Name);
        if (!_isPlaceChecked && batch.Draws.Count > 1)
            CheckPlaces(batch, sketched);
    }

    private (SketchedBatch Sketched, UselessRow? Useless) Sketch(PassBatch batch)
    {
        var sketched = _gradients.Differentiate(batch.Noisy);
        return (sketched, _features.Take(batch.Draws, batch.Window, sketched));
    }

    // Costs one more batch.
    private void CheckPlaces(PassBatch batch, SketchedBatch sketched)
    {
        var reversed = _gradients.Differentiate(_passes.Reversed(batch).Noisy);
        if (!PlaceCheck.HasSameBits(sketched, reversed, batch.Draws.Count, batch.Window))
            _placeNote =
                "On this device the last bits of a picture's features depend on the pictures that are computed with it "
                + "and on its place among them.";
        _isPlaceChecked = true;
    }

    private AuditException Useless(NoisyBatch batch, int row, int function, string picture)
    {
        var sample = batch.Row(row) with { Name = picture };
        // Names the parameter that is not finite.
        using var gradients = _autograd.Differentiate(sample);
        return UselessGradient.Zero(picture, sample.Passes[0], _functions[function].Name, _parameters);
    }
}
