using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>One call of a hooked layer in a forward pass: its input, and what the backward passes bring.</summary>
internal sealed class LayerCall(LayerwiseGradients owner, HookedLayer layer, Tensor input, Tensor output, int functions) : IDisposable
{
    private readonly Tensor _input = input.detach().DetachFromDisposeScope();
    private readonly Tensor?[] _deltas = new Tensor?[functions];

    /// <summary>The layer called.</summary>
    public HookedLayer Layer => layer;

    /// <summary>The first dimension of input and output; −1 if they have none or different ones.</summary>
    public long Rows { get; } = input.dim() > 0 && output.dim() > 0 && input.shape[0] == output.shape[0] ? input.shape[0] : -1;

    /// <summary>Bytes of the input, of the output, and of a gradient by the output for each function.</summary>
    public long Bytes { get; } = input.numel() * input.element_size() + (1 + functions) * output.numel() * output.element_size();

    /// <summary>Told by the probe; never throws.</summary>
    public void Receive(Tensor delta) => owner.Receive(this, delta);

    /// <summary>Keeps δ of an output function.</summary>
    public void Keep(int function, Tensor delta) => _deltas[function] = delta.detach().DetachFromDisposeScope();

    /// <summary>Forms the gradients of what arrived, if something did, and lets go of it.</summary>
    public void Complete()
    {
        if (_deltas.FirstOrDefault(delta => delta is not null) is not { } any) return;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        layer.Add(_input, [.. _deltas.Select(delta => delta ?? zeros_like(any))]);
        Dispose();
    }

    public void Dispose()
    {
        _input.Dispose();
        for (var f = 0; f < _deltas.Length; f++)
        {
            _deltas[f]?.Dispose();
            _deltas[f] = null;
        }
    }
}
