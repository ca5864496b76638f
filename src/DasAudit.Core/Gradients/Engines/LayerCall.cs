using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>One call of a hooked layer in a forward pass.</summary>
/// <remarks>Owns input, output (if needed) and each δ until the backward pass of the last output function.</remarks>
internal sealed class LayerCall : IDisposable
{
    private readonly RecordedCalls _calls;
    private readonly IBackwardRule? _backwardRule;
    private readonly Tensor _input;
    private readonly Tensor? _output;
    private readonly Tensor?[] _deltas;

    public LayerCall(
        RecordedCalls calls,
        HookedLayer layer,
        Tensor input,
        Tensor output,
        IReadOnlyList<IOutputFunction> functions
    )
    {
        _calls = calls;
        Layer = layer;
        _input = input.detach().DetachFromDisposeScope();
        _deltas = new Tensor?[functions.Count];
        if (functions.Any(function => function.HasTangentTarget))
            _output = output.detach().DetachFromDisposeScope();
        _backwardRule = layer.BackwardRule(input);
        if (_backwardRule is not null)
            Replacement = output.detach();
        var hasRows = input.dim() > 0 && output.dim() > 0 && input.shape[0] == output.shape[0];
        Rows = hasRows ? input.shape[0] : -1;
        Bytes = input.numel() * input.element_size() + (1 + functions.Count) * output.numel() * output.element_size();
    }

    public HookedLayer Layer { get; }

    /// <summary>The output without its graph, where the layer's rule does the backward pass; else null.</summary>
    public Tensor? Replacement { get; }

    /// <summary>The first dimension of input and output; −1 if they have none or different ones.</summary>
    public long Rows { get; }

    /// <summary>Bytes of the input, of the output, and of a gradient by the output for each function.</summary>
    public long Bytes { get; }

    /// <summary>Told δ by the probe; gives the gradient by what comes before the probe. Never throws.</summary>
    public Tensor Receive(Tensor delta) => _calls.Receive(this, delta);

    /// <summary>Takes δ of an output function, and returns the gradient by what comes before the probe.</summary>
    public Tensor Take(int function, Tensor delta)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        if (_output is not null)
            Layer.AddProducts(function, _input, _output, delta);
        if (_backwardRule is not null)
        {
            var (parameters, input) = _backwardRule.Backward(_input, delta, Layer.Attributed);
            Layer.Add(function, parameters);
            return input.DetachFromDisposeScope();
        }

        _deltas[function] = delta.detach().DetachFromDisposeScope();
        if (function == _deltas.Length - 1)
            Complete();
        return delta;
    }

    /// <summary>Forms the gradients of what arrived, if something did, and lets go of it.</summary>
    public void Complete()
    {
        if (_deltas.FirstOrDefault(delta => delta is not null) is not { } arrived)
            return;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        // Kept as the layer took it, at half of the memory; rules compute in float32.
        var input = _input.is_floating_point() ? _input.to_type(ScalarType.Float32) : _input;
        Layer.Add(input, [.. _deltas.Select(delta => delta ?? zeros_like(arrived))]);
        Dispose();
    }

    public void Dispose()
    {
        _input.Dispose();
        _output?.Dispose();
        Array.ForEach(_deltas, delta => delta?.Dispose());
        Array.Clear(_deltas);
    }
}
