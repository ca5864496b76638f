using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>The layers with attributed parameters, hooked until this is disposed; owns them.</summary>
internal sealed class HookedLayers : IDisposable
{
    private readonly List<HookedLayer> _layers = [];

    /// <summary>Hooks the layers of a network; at a call <c>onCall</c> says what the network goes on with.</summary>
    /// <param name="sink">Takes the gradients of the layers; null where they keep them for the whole batch.</param>
    public static HookedLayers Attach(
        nn.Module network,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions,
        Func<HookedLayer, Tensor, Tensor, Tensor> onCall,
        IGradientSink? sink = null
    )
    {
        var layers = new HookedLayers();
        try
        {
            foreach (var module in NetworkModule.AllOf(network))
                layers.Attach(module, parameters, functions, onCall, sink);
        }
        catch
        {
            layers.Dispose();
            throw;
        }

        return layers;
    }

    /// <summary>⟨g, θ⟩ of each row under an output function, over all attributed parameters: float64 [B].</summary>
    /// <param name="like">float64 [B] on the device.</param>
    public Tensor Products(int function, Tensor like)
    {
        var sum = zeros_like(like);
        foreach (var layer in _layers)
            if (layer.Products(function) is { } products)
                sum.add_(products);
        return sum;
    }

    /// <summary>Hands over what calls have given that no backward pass reached in full.</summary>
    public void Complete() => _layers.ForEach(layer => layer.Complete());

    /// <summary>The gradients that the batch reached, with their parameter's position.</summary>
    public IEnumerable<(int Position, ParameterGradients Gradients)> Gradients(int function) =>
        _layers.SelectMany(layer => layer.Gradients(function));

    public void Clear() => _layers.ForEach(layer => layer.Clear());

    public void Dispose() => _layers.ForEach(layer => layer.Dispose());

    private void Attach(
        NetworkModule named,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions,
        Func<HookedLayer, Tensor, Tensor, Tensor> onCall,
        IGradientSink? sink
    )
    {
        var attributed = new List<(string Name, int Position)>();
        foreach (var (name, fullName) in named.Parameters)
        {
            if (parameters.Position(fullName) is { } position)
                attributed.Add((name, position));
        }

        if (attributed.Count == 0)
            return;
        var title = named.Name.Length == 0 ? "the network" : named.Name;
        try
        {
            var module = named.Module as Layer ?? throw LayerNotSupportedException.NoRule(named.Module);
            var rule = LayerRules.For(module, attributed, parameters, usesKernels: sink is null);
            var layer = new HookedLayer(title, module, rule, Positions(rule, attributed), parameters, functions, sink);
            _layers.Add(layer);
            layer.Hook(onCall);
        }
        catch (LayerNotSupportedException e)
        {
            throw e.In(title);
        }
    }

    private static int?[] Positions(ILayerRule rule, IReadOnlyList<(string Name, int Position)> attributed)
    {
        var positions = attributed.ToDictionary(parameter => parameter.Name, parameter => (int?)parameter.Position);
        return rule is ModuleGradientsRule
            ? [.. positions.Values]
            : [positions.GetValueOrDefault("weight"), positions.GetValueOrDefault("bias")];
    }
}
