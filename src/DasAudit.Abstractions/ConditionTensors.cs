using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// What a prediction is conditioned on, encoded: named tensors whose first dimension is the number of samples, such as
/// <c>text</c> [N, S, D]. The names are the adapter's own.
/// </summary>
public sealed class ConditionTensors : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Conditions of some samples; takes the tensors over.</summary>
    /// <param name="tensors">At least one, of one first dimension, each with its name.</param>
    /// <exception cref="ArgumentException">There is none, or their first dimensions differ.</exception>
    public ConditionTensors(params IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var (name, tensor) in tensors)
            _tensors.Add(name, tensor);
        if (_tensors.Values.Select(tensor => tensor.shape[0]).Distinct().Count() != 1)
            throw new ArgumentException("Conditions need tensors of one first dimension.", nameof(tensors));
    }

    /// <summary>N, the number of samples.</summary>
    public long Rows => _tensors.Values.First().shape[0];

    /// <summary>The names, in ordinal order.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>The tensor of a name; stays the property of these conditions.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Tensor this[string name] => _tensors[name];

    /// <summary>Conditions made of each tensor; the caller disposes them.</summary>
    /// <param name="change">Makes a new tensor or a view; all must agree on the first dimension.</param>
    public ConditionTensors Select(Func<Tensor, Tensor> change) =>
        new(_tensors.Select(named => (named.Key, change(named.Value))));

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
    }
}
