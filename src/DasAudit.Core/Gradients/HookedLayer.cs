using DasAudit.Core.Gradients.Layers;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>A layer with attributed parameters, and the gradients of the batch at hand.</summary>
/// <param name="name">Its name in the network, for messages.</param>
/// <param name="rule">How its gradients are formed.</param>
/// <param name="weightAt">Position of its weight among the attributed parameters; null if that is not attributed.</param>
/// <param name="biasAt">The same of its bias.</param>
/// <param name="functions">Number of output functions.</param>
internal sealed class HookedLayer(string name, ILayerRule rule, int? weightAt, int? biasAt, int functions)
{
    private readonly LayerGradients[] _gradients = new LayerGradients[functions];

    /// <summary>Forms the gradients of one call; calls of the same layer add up.</summary>
    public void Add(Tensor input, Tensor[] deltas)
    {
        LayerGradients[] gradients;
        try
        {
            gradients = rule.Compute(input, deltas, new(weightAt is not null, biasAt is not null));
        }
        catch (LayerNotSupportedException e)
        {
            throw e.In(name);
        }

        for (var f = 0; f < gradients.Length; f++)
        {
            _gradients[f] = new(Plus(_gradients[f].Weight, gradients[f].Weight), Plus(_gradients[f].Bias, gradients[f].Bias));
            // Now, while the values are in the cache.
            (_, _) = (_gradients[f].Weight?.SquaredNorms, _gradients[f].Bias?.SquaredNorms);
        }
    }

    /// <summary>The gradients under one output function, with their position among the attributed parameters.</summary>
    public IEnumerable<(int Parameter, ParameterGradients Gradients)> Gradients(int function)
    {
        if (_gradients[function].Weight is { } weight) yield return (weightAt!.Value, weight);
        if (_gradients[function].Bias is { } bias) yield return (biasAt!.Value, bias);
    }

    /// <summary>Forgets the batch.</summary>
    public void Clear()
    {
        foreach (var (weight, bias) in _gradients)
        {
            weight?.Dispose();
            bias?.Dispose();
        }

        Array.Clear(_gradients);
    }

    private static ParameterGradients? Plus(ParameterGradients? sum, ParameterGradients? term) => sum is null ? term : sum.Plus(term!);
}
