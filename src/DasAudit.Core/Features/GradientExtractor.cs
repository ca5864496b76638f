using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// The features of pictures, one picture at a time. Its timesteps and noise draws are the rows of batches whose sizes follow from the options
/// and the model alone, so no other picture can change a bit of them. Not thread-safe: each worker has its own, with its own copy of the model.
/// </summary>
internal sealed class GradientExtractor : IDisposable
{
    private readonly IDiffusionModel _model;
    private readonly GradientOptions _options;
    private readonly int[] _timesteps;
    private readonly NoisyBatches _batches;
    private readonly AttributedParameters _parameters;
    private readonly IOutputFunction[] _functions;
    private readonly FeatureRows _rows;
    private readonly AutogradGradients _autograd;
    private LayerwiseGradients? _layerwise;

    public GradientExtractor(IDiffusionModel model, GradientOptions options)
    {
        (_model, _options) = (model, options);
        _timesteps = options.TimestepGrid(model.Schedule.TrainTimesteps);
        if (options.Precision == GradientPrecision.BFloat16)
            ReducedPrecision.UseBFloat16(model.Network);
        _parameters = AttributedParameters.Select(
            model.Network,
            options.Parameters,
            options.Metric,
            options.Projection.Logra,
            options.Seed
        );
        _functions =
        [
            .. options
                .Kinds.Select(kind => kind.Function)
                .Distinct()
                .Select(name => OutputFunctions.Create(name, model.Schedule, options.Seed)),
        ];
        _rows = new(
            options,
            [.. _functions.Select(function => function.Name)],
            _timesteps.Length,
            options.Projection.Create(
                options.Seed,
                LayerBlocks.Of(_parameters, options.Projection),
                _parameters.Space.Count
            ),
            _parameters.Space.Count
        );
        _batches = new(model, _timesteps, new(options.Seed));
        _autograd = new(model, _parameters, _functions);
        try
        {
            _layerwise = new(model, _parameters, _functions);
        }
        catch (LayerNotSupportedException e)
        {
            SlowBecause = e.Message;
        }
    }

    /// <summary>Rows of the largest batch of a picture, if batches have at most so many.</summary>
    public int LargestBatch(int rows) =>
        BatchPlan.Cut(_timesteps.Length, _options.Replicates, rows).Max(plan => plan.Replicates * plan.Timesteps);

    /// <summary>Bytes of a picture's features in float32.</summary>
    public long FeatureBytes => _rows.FeatureBytes;

    /// <summary>Why gradients are taken by automatic differentiation, one at a time; null if they are taken layer by layer.</summary>
    public string? SlowBecause { get; private set; }

    /// <summary>
    /// Checks the fast way on pure noise, so that the result is the same whichever picture comes first, and says what memory a batch takes.
    /// Must come before <see cref="Extract"/>.
    /// </summary>
    /// <param name="condition">An encoded condition, first dimension 1, for its shape; null if unconditional.</param>
    public BatchMemory Prepare(Tensor? condition)
    {
        using var scope = NewDisposeScope();
        var shape = _model.SampleShape;
        var clean = zeros([1, shape.Channels, shape.Height, shape.Width], device: _parameters.Tensors[0].device);
        if (_options.Precision != GradientPrecision.Full)
            CheckRuns(_batches.Noise(clean, condition));
        if (
            _layerwise is not null
            && SelfCheck.Fault(_layerwise, _autograd, _parameters, _batches.Noise(clean, condition), _options.Precision)
                is { } fault
        )
        {
            SlowBecause = fault;
            _layerwise.Dispose();
            _layerwise = null;
        }

        // The gradients that were compared are large and of no further use. Besides two of them, automatic differentiation keeps one for each
        // function, and the parameters theirs.
        GC.Collect();
        var check = (_functions.Length + 4) * (long)_parameters.Space.Count * sizeof(float);
        var model = _model.Network.parameters().Sum(parameter => parameter.numel() * parameter.ElementSize);
        return _layerwise is null
            ? new(
                model + Math.Max(check, _rows.Bytes(1)),
                _functions.Length * sizeof(float) * (long)_parameters.Space.Count,
                MostRows: 1
            )
            : new(
                model + Math.Max(check, _rows.Bytes(BatchMemory.UsualRows)),
                _layerwise.BytesPerRow,
                BatchMemory.UsualRows
            );
    }

    /// <summary>The features of one picture.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="clean">x₀, float32 [1, C, H, W] on the model's device, or one for each timestep, [K, C, H, W].</param>
    /// <param name="condition">Encoded condition of this one sample; null if unconditional.</param>
    /// <param name="rows">Most rows of a batch.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public PictureFeatures Extract(
        string name,
        Tensor clean,
        Tensor? condition,
        int rows,
        CancellationToken cancellation
    )
    {
        _rows.Start();
        foreach (var plan in BatchPlan.Cut(_timesteps.Length, _options.Replicates, rows))
        {
            cancellation.ThrowIfCancellationRequested();
            Add(name, clean, condition, plan);
        }

        return _rows.Finish();
    }

    /// <summary>Takes the first batch of a picture.</summary>
    /// <returns>The part of the picture's passes that it was.</returns>
    public double ExtractBatch(Tensor clean, Tensor? condition, int rows)
    {
        _rows.Start();
        var plan = BatchPlan.Cut(_timesteps.Length, _options.Replicates, rows).First();
        Add("noise", clean, condition, plan);
        _rows.Abandon();
        return (double)(plan.Replicates * plan.Timesteps) / (_options.Replicates * _timesteps.Length);
    }

    public void Dispose()
    {
        _layerwise?.Dispose();
        _autograd.Dispose();
    }

    private void CheckRuns(NoisyBatch batch)
    {
        using var noGradients = no_grad();
        try
        {
            _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition).Dispose();
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            // Layers called without their hooks, or weights used as bare tensors, meet numbers of two kinds.
            throw new AuditException(
                $"The model does not run with --precision {_options.Precision.Name()} ({e.Message.Split('\n')[0]}); leave that option out.",
                e
            );
        }
    }

    private void Add(string name, Tensor clean, Tensor? condition, BatchPlan plan)
    {
        using var scope = NewDisposeScope();
        var batch = _batches.Create(name, clean, condition, plan);
        using var gradients = Differentiate(batch);
        foreach (var (f, norms) in gradients.Norms.Index())
        {
            if (Array.IndexOf(norms, 0) is >= 0 and var row)
                throw UselessGradient.Zero(name, batch.Passes[row], _functions[f].Name, _parameters);
        }

        _rows.Add(gradients, plan);
    }

    private IBatchGradients Differentiate(NoisyBatch batch)
    {
        if (_layerwise is null)
            return _autograd.Differentiate(batch);
        try
        {
            return _layerwise.Differentiate(batch);
        }
        catch (LayerNotSupportedException e)
        {
            // For reasons that lie in this batch alone.
            SlowBecause ??= e.Message;
            return _autograd.Differentiate(batch);
        }
    }
}
