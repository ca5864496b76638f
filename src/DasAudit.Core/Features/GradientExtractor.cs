using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Features of one picture at a time. Batch sizes follow from the options and the model alone, so no other picture can
/// change a bit of them. Not thread-safe: each worker has its own, with its own copy of the model.
/// </summary>
internal sealed class GradientExtractor : IModelWorker
{
    private readonly ModelCopy _copy;
    private readonly IDiffusionModel _model;
    private readonly GradientOptions _options;
    private readonly AttributedParameters _parameters;
    private readonly IOutputFunction[] _functions;
    private readonly FeatureRows _rows;
    private readonly AutogradGradients _autograd;
    private LayerwiseGradients? _layerwise;

    /// <summary>Takes over the copy: disposes it, and reduced precision changes it for good.</summary>
    public GradientExtractor(ModelCopy copy, GradientOptions options)
    {
        (_copy, _model, _options) = (copy, copy.Model, options);
        var task = new GradientTask(_model, options);
        (Batches, _parameters, _functions) = (task.Batches, task.Parameters, task.Functions);
        var coordinates = _parameters.Space.Count;
        _rows = new(options, task.FunctionNames, Batches.Timesteps.Length, task.Projection, coordinates);
        _autograd = new(_model, _parameters, _functions, options.Precision);
        try
        {
            _layerwise = new(_model, _parameters, _functions, options.Precision);
        }
        catch (LayerNotSupportedException e)
        {
            SlowBecause = e.Message;
        }
    }

    public NoisyBatches Batches { get; }

    public long FeatureBytes => _rows.FeatureBytes;

    /// <summary>Why gradients are taken one at a time, by automatic differentiation; null if layer by layer.</summary>
    public string? SlowBecause { get; private set; }

    /// <summary>Checks the fast way on noise, so that it does not matter which picture comes first.</summary>
    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        var noise = Batches.Noise(condition);
        if (_options.Precision != GradientPrecision.Full)
            CheckRuns(noise);
        if (
            _layerwise is not null
            && SelfCheck.Fault(_layerwise, _autograd, _parameters, noise, _options.Precision) is { } fault
        )
        {
            SlowBecause = fault;
            _layerwise.Dispose();
            _layerwise = null;
        }

        // The gradients that were compared are large and of no further use. Besides two of them, automatic
        // differentiation keeps one for each function, and the parameters theirs.
        var check = (_functions.Length + 4) * (long)_parameters.Space.Count * sizeof(float);
        UnusedTensors.Free(check);
        var model = _model.WeightBytes;
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

    /// <summary>The features of one picture, in batches of at most so many rows.</summary>
    public PictureFeatures Extract(ModelPicture picture, int rows, CancellationToken cancellation)
    {
        _rows.Start();
        Batches.ForEach(picture, rows, Add, cancellation);
        return _rows.Finish();
    }

    /// <summary>Takes the first batch of a blank picture; returns the part of its passes that it was.</summary>
    public double ExtractBatch(Condition? condition, int rows)
    {
        _rows.Start();
        var share = Batches.RunFirst(condition, rows, Add);
        _rows.Abandon();
        return share;
    }

    public void Dispose()
    {
        _layerwise?.Dispose();
        _autograd.Dispose();
        _copy.Dispose();
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
                $"The model does not run with {Settings.Name("precision")} {_options.Precision.Name()} "
                    + $"({e.Message.Split('\n')[0]}); leave that option out.",
                e
            );
        }
    }

    private void Add(NoisyBatch batch, BatchPlan plan)
    {
        using var gradients = Differentiate(batch);
        foreach (var (f, norms) in gradients.Norms.Index())
        {
            if (Array.IndexOf(norms, 0) is >= 0 and var row)
                throw UselessGradient.Zero(batch.Name, batch.Passes[row], _functions[f].Name, _parameters);
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
