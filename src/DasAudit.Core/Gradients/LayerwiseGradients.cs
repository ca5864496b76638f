using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients;

/// <summary>
/// Per-sample gradients of a whole batch from one forward pass and one backward pass for each output function. No weight requires
/// gradients, so none are summed over the batch; instead each layer's input is kept and its output passes a <see cref="GradientProbe"/>, and
/// when the last backward pass reaches the probe, the layer's rule forms its per-sample gradients for all output functions at once.
/// </summary>
internal sealed class LayerwiseGradients : ISampleGradients
{
    private readonly IDiffusionModel _model;
    private readonly AttributedParameters _parameters;
    private readonly HookedLayers _layers;
    private readonly Tensor _anchor;
    private readonly List<LayerCall> _calls = [];
    private ExceptionDispatchInfo? _failure;
    private Tensor? _lastDelta;
    private bool _recording;
    private int _function;

    public LayerwiseGradients(IDiffusionModel model, AttributedParameters parameters)
    {
        (_model, _parameters) = (model, parameters);
        _anchor = zeros(1, device: parameters.Tensors[0].device, requires_grad: true).DetachFromDisposeScope();
        _layers = HookedLayers.Attach(model.Network, parameters, OnCall);
    }

    public BatchMeasures AddUnitGradients(NoisyBatch batch, UnitGradientSums sums)
    {
        using var scope = NewDisposeScope();
        try
        {
            var squaredErrors = Differentiate(batch);
            var norms = Norms(batch);
            for (var f = 0; f < OutputFunctions.Count; f++)
            {
                var weights = new float[sums.Replicates, batch.Rows];
                for (var b = 0; b < batch.Rows; b++) weights[b * sums.Replicates / batch.Rows, b] = (float)sums.Weight(norms[f][b]);
                AddWeightedSums(f, weights, replicate => sums[f, replicate]);
            }

            return new(squaredErrors, norms[OutputFunctions.Output]);
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Takes the probe's word of a backward pass; keeps what goes wrong, because native code called.</summary>
    public void Receive(LayerCall call, Tensor delta)
    {
        try
        {
            // Native code still reads this handle after the return; the one before it is free.
            _lastDelta?.Dispose();
            _lastDelta = delta.DetachFromDisposeScope();
            if (_failure is not null || delta.IsInvalid) return;
            call.Keep(_function, delta);
            if (_function == OutputFunctions.Count - 1) Complete(call);
        }
#pragma warning disable CA1031 // Rethrown after the backward pass.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    public void Dispose()
    {
        Clear();
        _layers.Dispose();
        _anchor.Dispose();
    }

    /// <summary>Forms all gradients of a batch and returns the training loss of each row.</summary>
    private double[] Differentiate(NoisyBatch batch)
    {
        _parameters.RequireGradients(false);
        using var gradients = enable_grad();
        _recording = true;
        var prediction = _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
        _recording = false;
        var functions = OutputFunctions.PerSample(prediction, batch.Target);
        for (_function = 0; _function < functions.Length; _function++)
        {
            if (functions[_function].requires_grad) autograd.backward(functions[_function].sum(), retain_graph: _function < functions.Length - 1);
            _failure?.Throw();
        }

        foreach (var call in _calls.Where(call => call.IsPending)) Complete(call);
        return [.. functions[OutputFunctions.Loss].detach().cpu().data<float>().Select(v => (double)v)];
    }

    private Tensor OnCall(HookedLayer layer, Tensor input, Tensor output)
    {
        if (!_recording) return output;
        var call = new LayerCall(this, layer, input);
        _calls.Add(call);
        return GradientProbe.apply(output, _anchor, call);
    }

    private static void Complete(LayerCall call)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        call.Layer.Add(call.Input, call.Deltas());
        call.Dispose();
    }

    // [function][row]
    private double[][] Norms(NoisyBatch batch) => [.. Enumerable.Range(0, OutputFunctions.Count).Select(f =>
    {
        var squares = new double[batch.Rows];
        var culprits = new int?[batch.Rows];
        foreach (var (parameter, gradients) in _layers.Gradients(f))
        {
            var own = gradients.SquaredNorms();
            for (var b = 0; b < own.Length; b++)
            {
                squares[b] += own[b];
                if (!double.IsFinite(own[b])) culprits[b] = Math.Min(culprits[b] ?? int.MaxValue, parameter);
            }
        }

        var row = Array.FindIndex(culprits, culprit => culprit is not null);
        return row < 0 ? squares.Select(Math.Sqrt).ToArray() : throw NotFinite.Gradient(batch.Name, batch.Numbers[row], _parameters.Names[culprits[row]!.Value]);
    })];

    private void AddWeightedSums(int function, float[,] weights, Func<int, float[]> sum)
    {
        using var noGradients = no_grad();
        using var matrix = tensor(weights, device: _anchor.device);
        foreach (var (parameter, gradients) in _layers.Gradients(function))
        {
            using var rows = gradients.WeightedSums(matrix);
            using var local = rows.cpu();
            var values = MemoryMarshal.Cast<byte, float>(local.bytes);
            var length = values.Length / weights.GetLength(0);
            for (var r = 0; r < weights.GetLength(0); r++)
            {
                var destination = sum(r).AsSpan(_parameters.Offsets[parameter], length);
                TensorPrimitives.Add(destination, values.Slice(r * length, length), destination);
            }
        }
    }

    private void Clear()
    {
        _calls.ForEach(call => call.Dispose());
        _calls.Clear();
        _layers.Clear();
        _lastDelta?.Dispose();
        (_lastDelta, _failure, _recording) = (null, null, false);
    }
}
