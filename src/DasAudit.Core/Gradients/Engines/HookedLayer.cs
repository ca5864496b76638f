using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>A layer with attributed parameters, and the gradients of the batch at hand.</summary>
/// <param name="name">Its name in the network, for messages.</param>
/// <param name="rule">How its gradients are formed.</param>
/// <param name="positions">
/// Position of each of its parameters among the attributed ones, in the order in which the rule gives their gradients; null if it is not attributed.
/// </param>
/// <param name="parameters">The attributed parameters.</param>
/// <param name="functions">The output functions.</param>
/// <param name="bias">The layer's bias, attributed or not, in a shape that fits its outputs; null if it has none.</param>
internal sealed class HookedLayer(
    string name,
    ILayerRule rule,
    IReadOnlyList<int?> positions,
    AttributedParameters parameters,
    IReadOnlyList<IOutputFunction> functions,
    Func<Tensor, Tensor>? bias
) : IDisposable
{
    private readonly ParameterGradients?[][] _gradients =
    [
        .. functions.Select(_ => new ParameterGradients?[positions.Count]),
    ];
    private readonly double[]?[] _products = new double[functions.Count][];

    /// <summary>How its gradients are formed.</summary>
    public ILayerRule Rule => rule;

    /// <summary>Which of weight and bias are attributed; no matter for a layer that has other parameters.</summary>
    public WantedParameters Wanted { get; } =
        new(positions[0] is not null, positions.Count > 1 && positions[1] is not null);

    /// <summary>Forms the gradients of one call; calls of the same layer add up.</summary>
    /// <exception cref="LayerNotSupportedException">The rule does not know such a call.</exception>
    public void Add(Tensor input, Tensor[] deltas)
    {
        try
        {
            foreach (var (f, gradients) in rule.Compute(input, deltas, Wanted).Index())
                Add(f, gradients);
        }
        catch (LayerNotSupportedException e)
        {
            throw e.In(name);
        }
    }

    /// <summary>Adds the gradients of one call under one output function.</summary>
    public void Add(int function, LayerGradients gradients)
    {
        var sums = _gradients[function];
        if (rule is OwnGradientsRule && functions[function].HasTangentTarget)
        {
            foreach (var (part, at) in gradients.Parts.Zip(positions))
                AddProducts(function, ((DenseGradients)part!).Products(parameters.Tensors[at!.Value]));
        }

        for (var i = 0; i < sums.Length; i++)
        {
            if (gradients.Parts[i] is not { } part)
                continue;
            part = Scaled(part, positions[i]!.Value);
            sums[i] = sums[i]?.Plus(part) ?? part;
            // Now, while the values are in the cache.
            _ = sums[i]!.SquaredNorms;
        }
    }

    /// <summary>Adds ⟨g, θ⟩ of one call under one output function, if that has a tangent target.</summary>
    /// <param name="function">Which.</param>
    /// <param name="input">What the layer was called with.</param>
    /// <param name="output">Its output.</param>
    /// <param name="delta">The gradient by the output.</param>
    public void AddProducts(int function, Tensor input, Tensor output, Tensor delta)
    {
        if (functions[function].HasTangentTarget && rule is not OwnGradientsRule)
            AddProducts(
                function,
                TangentTarget.Products(delta, rule.Share(input, output, bias?.Invoke(output), Wanted))
            );
    }

    /// <summary>⟨g, θ⟩ of each row under one output function, over the layer's attributed parameters; null if it has none or the batch did not reach it.</summary>
    public double[]? Products(int function) => _products[function];

    /// <summary>The gradients under one output function, with their position among the attributed parameters.</summary>
    public IEnumerable<(int Parameter, ParameterGradients Gradients)> Gradients(int function) =>
        _gradients[function]
            .Zip(positions)
            .Where(pair => pair.First is not null)
            .Select(pair => (pair.Second!.Value, pair.First!));

    /// <summary>Forgets the batch.</summary>
    public void Clear()
    {
        foreach (var sums in _gradients)
        {
            Array.ForEach(sums, sum => sum?.Dispose());
            Array.Clear(sums);
        }

        Array.Clear(_products);
    }

    public void Dispose()
    {
        Clear();
        (rule as IDisposable)?.Dispose();
    }

    private void AddProducts(int function, double[] products) =>
        _products[function] = [.. products.Select((product, b) => product + (_products[function]?[b] ?? 0))];

    private ParameterGradients Scaled(ParameterGradients gradients, int at)
    {
        if (parameters.Scales is not { } scales)
            return gradients;
        var parameter = parameters.Tensors[at];
        using var factors = tensor(scales[at], parameter.shape, device: parameter.device);
        return gradients.Scaled(factors);
    }
}
