using DasAudit.Core.Gradients.Layers;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>A layer with attributed parameters, and the gradients of the batch at hand.</summary>
/// <param name="name">Its name in the network, for messages.</param>
/// <param name="rule">How its gradients are formed.</param>
/// <param name="weightAt">Position of its weight among the attributed parameters; null if that is not attributed.</param>
/// <param name="biasAt">The same of its bias.</param>
/// <param name="parameters">The attributed parameters.</param>
/// <param name="functions">Number of output functions.</param>
internal sealed class HookedLayer(string name, ILayerRule rule, int? weightAt, int? biasAt, AttributedParameters parameters, int functions) : IDisposable
{
    private readonly LayerGradients[] _gradients = new LayerGradients[functions];

    /// <summary>How its gradients are formed.</summary>
    public ILayerRule Rule => rule;

    /// <summary>Which of its parameters are attributed.</summary>
    public WantedParameters Wanted { get; } = new(weightAt is not null, biasAt is not null);

    /// <summary>Forms the gradients of one call; calls of the same layer add up.</summary>
    /// <exception cref="LayerNotSupportedException">The rule does not know such a call.</exception>
    public void Add(Tensor input, Tensor[] deltas)
    {
        try
        {
            foreach (var (f, gradients) in rule.Compute(input, deltas, Wanted).Index()) Add(f, gradients);
        }
        catch (LayerNotSupportedException e)
        {
            throw e.In(name);
        }
    }

    /// <summary>Adds the gradients of one call under one output function.</summary>
    public void Add(int function, LayerGradients gradients)
    {
        gradients = new(Scaled(gradients.Weight, weightAt), Scaled(gradients.Bias, biasAt));
        var sum = new LayerGradients(Plus(_gradients[function].Weight, gradients.Weight), Plus(_gradients[function].Bias, gradients.Bias));
        _gradients[function] = sum;
        // Now, while the values are in the cache.
        (_, _) = (sum.Weight?.SquaredNorms, sum.Bias?.SquaredNorms);
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

    public void Dispose()
    {
        Clear();
        (rule as IDisposable)?.Dispose();
    }

    private ParameterGradients? Scaled(ParameterGradients? gradients, int? at)
    {
        if (gradients is null || parameters.Scales is not { } scales) return gradients;
        var parameter = parameters.Tensors[at!.Value];
        using var factors = tensor(scales[at.Value], parameter.shape, device: parameter.device);
        return gradients.Scaled(factors);
    }

    private static ParameterGradients? Plus(ParameterGradients? sum, ParameterGradients? term) => sum is null ? term : sum.Plus(term!);
}
