using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;
using Linear = TorchSharp.Modules.Linear;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// A LoRA to train, drawn as PEFT draws it: A Kaiming-uniform with a = √5, which is uniform in ±1/√fan_in; B zero, so
/// that it changes nothing yet.
/// </summary>
internal static class NewLoraLayers
{
    private static readonly string[] Attention = ["to_q", "to_k", "to_v", "to_out.0"];
    private static readonly string[] TextAttention = ["q_proj", "k_proj", "v_proj", "out_proj"];

    /// <summary>Attaches it to the layers that are asked for, drawing in the order of the model's layers.</summary>
    /// <param name="index">How many LoRAs the model has already.</param>
    internal static LoraAdapter Attach(LoraBase model, NewLora settings, int index)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(unchecked((ulong)settings.Seed), CPU);
        var name = LoraNames.Adapter(index);
        var scale = settings.Alpha / settings.Rank;
        var changes = new List<LoraChange>();
        foreach (var place in Places(model, settings))
        {
            var change = new LoraChange(place, Draw(place.Layer, settings.Rank, generator), scale);
            LoraHook.Attach(place.Layer, name, change.Factors, scale);
            changes.Add(change);
        }
        return new(name, changes, [], []);
    }

    private static IEnumerable<LoraPlace> Places(LoraBase model, NewLora settings)
    {
        foreach (var component in model.Components)
        {
            var isUnet = component.Name == LoraComponent.Unet;
            if (!isUnet && !settings.TextEncoders)
                continue;
            var layers = model.Layers(component);
            foreach (var module in layers.Names)
            {
                var layer = layers.Find(module)!;
                var isChosen = isUnet ? IsChosen(module, layer, settings.Modules) : EndsWith(module, TextAttention);
                if (isChosen)
                    yield return new(component.Name, module, layer);
            }
        }
    }

    private static bool IsChosen(string module, Layer layer, LoraModules modules) =>
        modules switch
        {
            LoraModules.Attention => EndsWith(module, Attention),
            LoraModules.Linear => layer is Linear,
            _ => true,
        };

    private static bool EndsWith(string module, string[] names) =>
        Array.Exists(names, name => module.EndsWith($".{name}", StringComparison.Ordinal));

    private static LoraFactors Draw(Layer layer, int rank, Generator generator)
    {
        using var scope = NewDisposeScope();
        var shapes = LoraShapes.Of(layer, rank, hasMiddle: false);
        var bound = 1 / Math.Sqrt(shapes.Down.Skip(1).Aggregate(1L, (product, size) => product * size));
        var down = empty(shapes.Down).uniform_(-bound, bound, generator);
        return LoraFactors.Of(layer, down, null, zeros(shapes.Up));
    }
}
