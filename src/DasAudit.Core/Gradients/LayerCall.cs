using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>One call of a hooked layer in a forward pass: its input, and what the backward passes bring.</summary>
internal sealed class LayerCall(LayerwiseGradients owner, HookedLayer layer, Tensor input) : IDisposable
{
    private readonly Tensor _input = input.detach().DetachFromDisposeScope();
    private readonly Tensor?[] _deltas = new Tensor?[OutputFunctions.Count];

    /// <summary>The layer called.</summary>
    public HookedLayer Layer => layer;

    /// <summary>a, without graph.</summary>
    public Tensor Input => _input;

    /// <summary>Whether a gradient arrived that is not used yet.</summary>
    public bool IsPending => _deltas.Any(delta => delta is not null);

    /// <summary>Told by the probe; never throws.</summary>
    public void Receive(Tensor delta) => owner.Receive(this, delta);

    /// <summary>Keeps δ of an output function.</summary>
    public void Keep(int function, Tensor delta) => _deltas[function] = delta.detach().DetachFromDisposeScope();

    /// <summary>δ of every output function, zero where none arrived.</summary>
    public Tensor[] Deltas()
    {
        var any = _deltas.First(delta => delta is not null)!;
        return [.. _deltas.Select(delta => delta ?? zeros_like(any))];
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
