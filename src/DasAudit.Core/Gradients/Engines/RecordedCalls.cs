using System.Runtime.ExceptionServices;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>The calls of hooked layers in a batch's forward pass, and what the backward passes bring them.</summary>
/// <remarks>Owns the calls until <see cref="Clear"/>.</remarks>
/// <param name="scale">What gradients are multiplied by while they pass through the network.</param>
internal sealed class RecordedCalls(IReadOnlyList<IOutputFunction> functions, float scale)
{
    private readonly List<LayerCall> _calls = [];
    private readonly List<Tensor> _handles = [];
    private HookedLayer[]? _sequence;
    private Tensor? _anchor;
    private int _function;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Bytes that the calls of the last batch kept for the backward passes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records the calls of a forward pass; refuses those unlike the first batch's or of other rows.</summary>
    public Tensor Record(Func<Tensor> forward, int rows, Device device)
    {
        _anchor = zeros(1, device: device, requires_grad: true);
        var prediction = forward();
        _anchor = null;
        if (_calls.Exists(call => call.Rows != rows))
            throw new LayerNotSupportedException("a layer is called with another number of rows than the network");
        // What the first batch proved holds for batches in which the same layers are called in the same order.
        HookedLayer[] layers = [.. _calls.Select(call => call.Layer)];
        _sequence ??= layers;
        if (!_sequence.SequenceEqual(layers))
            throw new LayerNotSupportedException("the network calls other layers for other inputs");
        Bytes = _calls.Sum(call => call.Bytes);
        return prediction;
    }

    /// <summary>Records a call, and returns what the network goes on with.</summary>
    public Tensor Add(HookedLayer layer, Tensor input, Tensor output)
    {
        if (_anchor is null)
            return output;
        var call = new LayerCall(this, layer, input, output, functions);
        _calls.Add(call);
        layer.Expect();
        return GradientProbe.apply(call.Replacement is null ? output : input, _anchor, call);
    }

    /// <summary>Runs the backward pass of an output function from its sum over the rows.</summary>
    public void Backward(int function, Tensor sum)
    {
        _function = function;
        if (sum.requires_grad)
            autograd.backward(scale == 1 ? sum : sum * scale, retain_graph: function < functions.Count - 1);
        _failure?.Throw();
    }

    /// <summary>Takes what a backward pass brings to a call; keeps exceptions, because native code called.</summary>
    public Tensor Receive(LayerCall call, Tensor delta)
    {
        try
        {
            // Native code still reads these handles after the return; those before them are free.
            FreeHandles();
            _handles.Add(delta.DetachFromDisposeScope());
            if (_failure is not null || delta.IsInvalid)
                return delta;
            var before = Take(call, delta);
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

    private Tensor Take(LayerCall call, Tensor delta)
    {
        if (scale == 1)
            return call.Take(_function, delta);
        using var scope = NewDisposeScope();
        var unscaled = delta / scale;
        var before = call.Take(_function, unscaled);
        return ReferenceEquals(before, unscaled) ? delta : (before * scale).DetachFromDisposeScope();
    }

    /// <summary>Completes the calls that the last backward pass did not reach.</summary>
    public void Complete() => _calls.ForEach(call => call.Complete());

    public void Clear()
    {
        _calls.ForEach(call => call.Dispose());
        _calls.Clear();
        FreeHandles();
        _anchor = null;
        _failure = null;
    }

    private void FreeHandles()
    {
        _handles.ForEach(handle => handle.Dispose());
        _handles.Clear();
    }
}
