using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>A layer with attributed parameters; owns its hook, rule, and gradients of the batch at hand.</summary>
/// <remarks>Every <see cref="LayerCall"/> of the layer adds to the gradients.</remarks>
/// <param name="positions">Their places among the attributed ones, in the rule's order; null if not attributed.</param>
/// <param name="sink">
/// Takes the gradients when the last call has given its share; null to keep them for the batch.
/// </param>
internal sealed class HookedLayer(
    string title,
    Layer module,
    ILayerRule rule,
    IReadOnlyList<int?> positions,
    AttributedParameters parameters,
    IReadOnlyList<IOutputFunction> functions,
    IGradientSink? sink
) : IDisposable
{
    private readonly ParameterGradients?[][] _gradients =
    [
        .. functions.Select(_ => new ParameterGradients?[positions.Count]),
    ];
    private readonly Tensor?[] _products = new Tensor?[functions.Count];
    private readonly Dictionary<int, Tensor> _factors = [];
    private readonly int[] _callsAdded = new int[functions.Count];
    private int _calls;
    private Action? _unhook;

    /// <summary>Which of weight and bias are attributed; no matter for a layer that has other parameters.</summary>
    public Attributed Attributed { get; } =
        new(positions[0] is not null, positions.Count > 1 && positions[1] is not null);

    /// <summary>The rule, if it does the layer's backward pass from an input itself; else null.</summary>
    public IBackwardRule? BackwardRule(Tensor input) =>
        rule is IBackwardRule backwardRule && backwardRule.CanDo(input) ? backwardRule : null;

    /// <summary>Hooks the layer until this is disposed; <c>onCall</c> says what the network goes on with.</summary>
    public void Hook(Func<HookedLayer, Tensor, Tensor, Tensor> onCall) =>
        _unhook = module.register_forward_hook((_, input, output) => onCall(this, input, output)).remove;

    /// <summary>Says that the layer was called once more in the forward pass of the batch.</summary>
    public void Expect() => _calls++;

    /// <summary>Forms the gradients of one call, and adds them to those of other calls.</summary>
    public void Add(Tensor input, Tensor[] deltas)
    {
        try
        {
            foreach (var (f, gradients) in rule.Compute(input, deltas, Attributed).Index())
                Add(f, gradients);
        }
        catch (LayerNotSupportedException e)
        {
            throw e.In(title);
        }
    }

    public void Add(int function, ParameterGradients?[] gradients)
    {
        var sums = _gradients[function];
        for (var i = 0; i < sums.Length; i++)
        {
            if (gradients[i] is not { } addend)
                continue;
            var position = positions[i]!.Value;
            // What such a module gives to its output is not known; its products are taken from its gradients.
            if (rule is ModuleGradientsRule && functions[function].HasTangentTarget)
                AddProducts(function, ((DenseGradients)addend).Products(parameters.Tensors[position]));
            addend = Scaled(addend, position);
            sums[i] = sums[i]?.Plus(addend) ?? addend;
            if (sink is null)
                sums[i]!.ComputeNorms();
        }
        _callsAdded[function]++;
        if (_callsAdded[function] == _calls)
            HandOver(function);
    }

    /// <summary>Hands over what is there, though not all calls have given their share.</summary>
    public void Complete()
    {
        for (var f = 0; f < functions.Count; f++)
            HandOver(f);
    }

    /// <summary>Adds ⟨g, θ⟩ of one call under one output function, if that has a tangent target.</summary>
    public void AddProducts(int function, Tensor input, Tensor output, Tensor delta)
    {
        if (!functions[function].HasTangentTarget || rule is not WeightAndBiasRule knownRule)
            return;
        var share = knownRule.Share(input, OwnOutput(input, output), BiasOf(output), Attributed);
        AddProducts(function, TangentTarget.Products(delta, share));
    }

    /// <summary>
    /// ⟨g, θ⟩ of each row over the layer's attributed parameters, float64 [B]; null if there is none.
    /// </summary>
    public Tensor? Products(int function) => _products[function];

    public IEnumerable<(int Position, ParameterGradients Gradients)> Gradients(int function)
    {
        for (var i = 0; i < positions.Count; i++)
        {
            if (_gradients[function][i] is { } gradients)
                yield return (positions[i]!.Value, gradients);
        }
    }

    public void Clear()
    {
        foreach (var sums in _gradients)
        {
            Array.ForEach(sums, sum => sum?.Dispose());
            Array.Clear(sums);
        }

        Array.ForEach(_products, product => product?.Dispose());
        Array.Clear(_products);
        Array.Clear(_callsAdded);
        _calls = 0;
    }

    public void Dispose()
    {
        _unhook?.Invoke();
        Clear();
        foreach (var factors in _factors.Values)
            factors.Dispose();
        rule.Dispose();
    }

    // What the layer itself computes: layers inside it, such as a LoRA's, add to what leaves it.
    private Tensor OwnOutput(Tensor input, Tensor output) =>
        module.children().Any() ? module.forward(input).to_type(output.dtype) : output;

    // The bias, attributed or not, in a shape that fits the output: channels come second, but last in these two.
    private Tensor? BiasOf(Tensor output)
    {
        var bias = module.named_parameters(recurse: false).FirstOrDefault(named => named.name == "bias").parameter;
        return bias is null || module is Linear or LayerNorm
            ? bias
            : bias.view([-1, .. Enumerable.Repeat(1L, (int)output.dim() - 2)]);
    }

    private void HandOver(int function)
    {
        if (sink is null)
            return;
        var sums = _gradients[function];
        for (var i = 0; i < sums.Length; i++)
        {
            if (sums[i] is not { } gradients)
                continue;
            sums[i] = null;
            sink.Take(function, positions[i]!.Value, gradients);
        }
    }

    private void AddProducts(int function, Tensor products)
    {
        if (_products[function] is { } sums)
            sums.add_(products);
        else
            _products[function] = products.DetachFromDisposeScope();
    }

    private ParameterGradients Scaled(ParameterGradients gradients, int position)
    {
        if (parameters.Scales is not { } scales)
            return gradients;
        if (!_factors.TryGetValue(position, out var factors))
        {
            var parameter = parameters.Tensors[position];
            factors = tensor(scales[position], parameter.shape, device: parameter.device).DetachFromDisposeScope();
            _factors.Add(position, factors);
        }
        return gradients.Scaled(factors);
    }
}
