using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Hookable = TorchSharp.torch.nn.HookableModule<
    System.Func<
        TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>,
        TorchSharp.torch.Tensor,
        TorchSharp.torch.Tensor
    >,
    System.Func<
        TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>,
        TorchSharp.torch.Tensor,
        TorchSharp.torch.Tensor,
        TorchSharp.torch.Tensor
    >
>;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>Every layer with attributed parameters, hooked until this is disposed. Layers without are left alone.</summary>
internal sealed class HookedLayers : IDisposable
{
    private readonly List<HookedLayer> _layers = [];
    private readonly List<Action> _removals = [];

    /// <summary>Hooks the layers of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">The attributed parameters.</param>
    /// <param name="onCall">Given a layer, its input and its output, returns what the network shall go on with.</param>
    /// <param name="functions">The output functions.</param>
    /// <exception cref="LayerNotSupportedException">A module owns attributed parameters, and there is no rule for it.</exception>
    public static HookedLayers Attach(
        nn.Module network,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions,
        Func<HookedLayer, Tensor, Tensor, Tensor> onCall
    )
    {
        var layers = new HookedLayers();
        var positions = parameters.Names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        try
        {
            foreach (var (name, module) in network.named_modules().Prepend((name: "", module: network)))
            {
                var own = module
                    .named_parameters(recurse: false)
                    .Select(p =>
                        (
                            p.name,
                            Found: positions.TryGetValue(name.Length == 0 ? p.name : $"{name}.{p.name}", out var at),
                            At: at
                        )
                    )
                    .Where(p => p.Found)
                    .ToDictionary(p => p.name, p => (int?)p.At);
                if (own.Count > 0)
                    layers.Attach(name, module, own, parameters, functions, onCall);
            }
        }
        catch
        {
            layers.Dispose();
            throw;
        }

        return layers;
    }

    /// <summary>⟨g, θ⟩ of each row under an output function with a tangent target, over all attributed parameters.</summary>
    public double[] Products(int function, int rows) =>
        [.. Enumerable.Range(0, rows).Select(b => _layers.Sum(layer => layer.Products(function)?[b] ?? 0))];

    /// <summary>The gradients of every layer that the batch reached.</summary>
    public IEnumerable<(int Parameter, ParameterGradients Gradients)> Gradients(int function) =>
        _layers.SelectMany(layer => layer.Gradients(function));

    /// <summary>Forgets the batch.</summary>
    public void Clear() => _layers.ForEach(layer => layer.Clear());

    public void Dispose()
    {
        _removals.ForEach(remove => remove());
        _layers.ForEach(layer => layer.Dispose());
    }

    private void Attach(
        string name,
        nn.Module module,
        Dictionary<string, int?> own,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions,
        Func<HookedLayer, Tensor, Tensor, Tensor> onCall
    )
    {
        var title = name.Length == 0 ? "the network" : name;
        // What a module says of itself goes before what is known of its kind.
        var rule =
            module is IPerSampleGradients says && module is Layer
                ? new OwnGradientsRule(
                    says,
                    [.. own.Select(pair => (pair.Key, parameters.Tensors[pair.Value!.Value].shape))]
                )
                : Rule(title, module, own.Keys, parameters.Space.Factors(own.GetValueOrDefault("weight")));
        int?[] positions =
            rule is OwnGradientsRule
                ? [.. own.Values]
                : [own.GetValueOrDefault("weight"), own.GetValueOrDefault("bias")];
        var layer = new HookedLayer(title, rule, positions, parameters, functions, Bias(module));
        _layers.Add(layer);
        var hook = ((Hookable)module).register_forward_hook((_, input, output) => onCall(layer, input, output));
        _removals.Add(hook.remove);
    }

    // For each output of the layer, in a shape that fits it: channels come second, but last in these two.
    private static Func<Tensor, Tensor>? Bias(nn.Module module) =>
        module.named_parameters(recurse: false).FirstOrDefault(own => own.name == "bias").parameter switch
        {
            null => null,
            var bias when module is Linear or LayerNorm => _ => bias,
            var bias => output => bias.view([-1, .. Enumerable.Repeat(1L, (int)output.dim() - 2)]),
        };

    private static ILayerRule Rule(string title, nn.Module module, IEnumerable<string> parameters, LograFactors? weight)
    {
        try
        {
            return
                module is Layer
                && !parameters.Except(["weight", "bias"]).Any()
                && LayerRules.For(module, weight) is { } rule
                ? rule
                : throw new LayerNotSupportedException($"there is no rule for the parameters of {module.GetName()}");
        }
        catch (LayerNotSupportedException e)
        {
            throw e.In(title);
        }
    }
}
