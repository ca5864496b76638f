using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>
/// Sketches of per-sample gradients of a whole batch, of passes over any pictures. A layer's gradients exist only from
/// the moment at which the gradient by its output arrives until their norms and sketch are formed, there on the device.
/// Nothing comes to the processor. Not thread-safe.
/// </summary>
internal sealed class DeviceGradients : IDisposable
{
    private readonly IDiffusionModel _model;
    private readonly AttributedParameters _parameters;
    private readonly IReadOnlyList<IOutputFunction> _functions;
    private readonly RecordedCalls _calls;
    private readonly SketchSink _sink;
    private readonly HookedLayers _layers;

    /// <exception cref="LayerNotSupportedException">A layer has no rule.</exception>
    public DeviceGradients(
        IDiffusionModel model,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions,
        IProjection projection,
        GradientPrecision precision = GradientPrecision.Full
    )
    {
        (_model, _parameters, _functions) = (model, parameters, functions);
        _calls = new(functions, precision.Scale());
        _sink = new(parameters, functions.Count, projection);
        _layers = HookedLayers.Attach(model.Network, parameters, functions, _calls.Add, _sink);
    }

    /// <summary>About what one more row of the last batch would have taken, in bytes.</summary>
    public long BytesPerRow { get; private set; }

    /// <summary>Runs a forward pass, and a backward pass for each output function.</summary>
    /// <returns>Tensors in the caller's dispose scope.</returns>
    /// <exception cref="LayerNotSupportedException">A call is unlike the first batch's, or has no rule.</exception>
    public SketchedBatch Differentiate(NoisyBatch batch)
    {
        using var scope = NewDisposeScope();
        try
        {
            _sink.Start(batch.Rows);
            var prediction = RunPasses(batch);
            // Half as much again for what lies between the layers, such as activations and sums.
            BytesPerRow = _calls.Bytes * 3 / 2 / batch.Rows + _sink.BytesPerRow;
            using var noGradients = no_grad();
            var result = new SketchedBatch(
                (prediction - batch.Target).square().flatten(1).mean([1]).to_type(float64),
                [.. Enumerable.Range(0, _functions.Count).Select(_sink.Norms)],
                [.. Enumerable.Range(0, _functions.Count).Select(_sink.Sketch)],
                [.. Enumerable.Range(0, _functions.Count).Select(f => TangentTargets(f, prediction, batch))]
            );
            result.MoveToOuterDisposeScope();
            return result;
        }
        finally
        {
            _calls.Clear();
            _layers.Clear();
            _sink.Clear();
        }
    }

    public void Dispose()
    {
        _layers.Dispose();
        _sink.Dispose();
    }

    private Tensor RunPasses(NoisyBatch batch)
    {
        _parameters.RequireGradients(false);
        using var gradients = enable_grad();
        var prediction = _calls.Record(
            () => _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition),
            batch.Rows,
            _parameters.Tensors[0].device
        );
        for (var f = 0; f < _functions.Count; f++)
            _calls.Backward(f, _functions[f].Of(prediction, batch).sum());
        _calls.Complete();
        _layers.Complete();
        return prediction.detach();
    }

    private Tensor? TangentTargets(int function, Tensor prediction, NoisyBatch batch)
    {
        if (!_functions[function].HasTangentTarget)
            return null;
        var rest = TangentTarget.Rest(_functions[function], prediction, batch);
        return rest + _layers.Products(function, rest);
    }
}
