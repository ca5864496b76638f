using System.Runtime.ExceptionServices;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>
/// Per-sample gradients of a whole batch from one forward pass and one backward pass for each output function. No weight requires
/// gradients, so none are summed over the batch; instead each layer's input is kept and its output passes a <see cref="GradientProbe"/>, and
/// when the last backward pass reaches the probe, the layer's rule forms its per-sample gradients for all output functions at once. An
/// <see cref="Layers.IBackwardRule"/> stands in for the layer's own backward pass.
/// </summary>
internal sealed class LayerwiseGradients : ISampleGradients
{
    private readonly IDiffusionModel _model;
    private readonly AttributedParameters _parameters;
    private readonly IReadOnlyList<IOutputFunction> _functions;
    private readonly HookedLayers _layers;
    private readonly Tensor _anchor;
    private readonly List<LayerCall> _calls = [];
    private readonly List<Tensor> _handles = [];
    private HookedLayer[]? _sequence;
    private ExceptionDispatchInfo? _failure;
    private bool _recording;
    private long _callBytes;
    private int _function;

    /// <exception cref="LayerNotSupportedException">A module owns attributed parameters, and there is no rule for it.</exception>
    public LayerwiseGradients(
        IDiffusionModel model,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions
    )
    {
        (_model, _parameters, _functions) = (model, parameters, functions);
        _layers = HookedLayers.Attach(model.Network, parameters, functions, OnCall);
        _anchor = zeros(1, device: parameters.Tensors[0].device, requires_grad: true).DetachFromDisposeScope();
    }

    /// <summary>About how many bytes one more row of the last batch would have taken: its gradients, and the values kept for the backward pass.</summary>
    public long BytesPerRow { get; private set; }

    /// <exception cref="LayerNotSupportedException">The network called its layers otherwise than in the first batch, or in a way that a rule does not know.</exception>
    public IBatchGradients Differentiate(NoisyBatch batch)
    {
        using var scope = NewDisposeScope();
        try
        {
            var (squaredErrors, rests) = Backward(batch);
            // Half as much again for what lies between the layers, such as activations and sums.
            BytesPerRow =
                (
                    _callBytes * 3 / 2
                    + Enumerable
                        .Range(0, _functions.Count)
                        .Sum(f => _layers.Gradients(f).Sum(pair => pair.Gradients.Bytes))
                ) / batch.Rows;
            return new Batch(
                this,
                squaredErrors,
                [.. Enumerable.Range(0, _functions.Count).Select(f => Norms(f, batch))],
                [.. rests.Select((rest, f) => rest?.Zip(_layers.Products(f, batch.Rows), (a, b) => a + b).ToArray())]
            );
        }
        catch
        {
            Clear();
            throw;
        }
    }

    /// <summary>Takes what a backward pass brings to a call; keeps what goes wrong, because native code called.</summary>
    public Tensor Receive(LayerCall call, Tensor delta)
    {
        try
        {
            // Native code still reads these handles after the return; those before them are free.
            FreeHandles();
            _handles.Add(delta.DetachFromDisposeScope());
            if (_failure is not null || delta.IsInvalid)
                return delta;
            var before = call.Take(_function, delta);
            if (!ReferenceEquals(before, delta))
                _handles.Add(before);
            return before;
        }
#pragma warning disable CA1031 // Rethrown after the backward pass.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            return delta;
        }
    }

    public void Dispose()
    {
        Clear();
        _layers.Dispose();
        _anchor.Dispose();
    }

    /// <summary>Forms all gradients of a batch and returns the training loss of each row, and vᵀ(y − ε̂) under functions with a tangent target.</summary>
    private (double[] SquaredErrors, double[]?[] Rests) Backward(NoisyBatch batch)
    {
        _parameters.RequireGradients(false);
        using var gradients = enable_grad();
        _recording = true;
        var prediction = _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
        _recording = false;
        CheckCalls(batch.Rows);
        for (_function = 0; _function < _functions.Count; _function++)
        {
            var sum = _functions[_function].Of(prediction, batch).sum();
            if (sum.requires_grad)
                autograd.backward(sum, retain_graph: _function < _functions.Count - 1);
            _failure?.Throw();
        }

        _calls.ForEach(call => call.Complete());
        using var noGradients = no_grad();
        return (
            [.. (prediction - batch.Target).square().flatten(1).mean([1]).cpu().data<float>().Select(v => (double)v)],
            [
                .. _functions.Select(function =>
                    function.HasTangentTarget ? TangentTarget.Rest(function, prediction, batch) : null
                ),
            ]
        );
    }

    private Tensor OnCall(HookedLayer layer, Tensor input, Tensor output)
    {
        if (!_recording)
            return output;
        var call = new LayerCall(this, layer, input, output, _functions);
        _calls.Add(call);
        return GradientProbe.apply(call.Output is null ? output : input, _anchor, call);
    }

    // What the first batch proved holds for batches in which the same layers are called in the same order.
    private void CheckCalls(int rows)
    {
        if (_calls.Any(call => call.Rows != rows))
            throw new LayerNotSupportedException("a layer is called with another number of rows than the network");
        _sequence ??= [.. _calls.Select(call => call.Layer)];
        if (!_sequence.SequenceEqual(_calls.Select(call => call.Layer)))
            throw new LayerNotSupportedException("the network calls other layers for other inputs");
        _callBytes = _calls.Sum(call => call.Bytes);
    }

    private double[] Norms(int function, NoisyBatch batch)
    {
        var squares = new double[batch.Rows];
        var culprits = Enumerable.Repeat(int.MaxValue, batch.Rows).ToArray();
        foreach (var (parameter, gradients) in _layers.Gradients(function))
        {
            var own = gradients.SquaredNorms;
            for (var b = 0; b < own.Length; b++)
            {
                squares[b] += own[b];
                if (!double.IsFinite(own[b]))
                    culprits[b] = Math.Min(culprits[b], parameter);
            }
        }

        var row = Array.FindIndex(culprits, culprit => culprit < int.MaxValue);
        return row < 0
            ? Array.ConvertAll(squares, Math.Sqrt)
            : throw UselessGradient.NotFinite(batch.Name, batch.Passes[row], _parameters.Names[culprits[row]]);
    }

    private void Clear()
    {
        _calls.ForEach(call => call.Dispose());
        _calls.Clear();
        _layers.Clear();
        FreeHandles();
        (_failure, _recording) = (null, false);
    }

    private void FreeHandles()
    {
        _handles.ForEach(handle => handle.Dispose());
        _handles.Clear();
    }

    /// <summary>The gradients that the layers hold until the next batch.</summary>
    private sealed class Batch(LayerwiseGradients owner, double[] squaredErrors, double[][] norms, double[]?[] targets)
        : IBatchGradients
    {
        public double[] SquaredErrors => squaredErrors;

        public double[][] Norms => norms;

        public double[]?[] TangentTargets => targets;

        public void AddWeightedSum(int function, float[] weights, float[] sum)
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            foreach (var (parameter, gradients) in owner._layers.Gradients(function))
                gradients.AddWeightedSum(weights, owner._parameters.Space.Part(sum, parameter));
        }

        public void Dispose() => owner.Clear();
    }
}
