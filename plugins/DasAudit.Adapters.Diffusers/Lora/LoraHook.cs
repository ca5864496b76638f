using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// Adds a LoRA's change to what leaves a layer: y + scale·B·A·x. Its layers become children of that layer, which owns
/// them: their parameters are named as PEFT names them, such as to_q.lora_A.default.weight, and the layer's own keep
/// their names.
/// </summary>
internal static class LoraHook
{
    internal static void Attach(Layer layer, string adapter, LoraFactors factors, double scale)
    {
        Group(layer, LoraNames.Down).register_module(adapter, factors.Down);
        if (factors.Middle is not null)
            Group(layer, LoraNames.Middle).register_module(adapter, factors.Middle);
        Group(layer, LoraNames.Up).register_module(adapter, factors.Up);
        layer.register_forward_hook((_, input, output) => Sum(factors, scale, input, output));
    }

    private static Tensor Sum(LoraFactors factors, double scale, Tensor input, Tensor output)
    {
        using var change = factors.Change(input);
        // Nobody has seen the layer's own output.
        using (output)
            return output.add(change, scale);
    }

    private static LoraGroup Group(Layer layer, string name)
    {
        if (layer.named_children().FirstOrDefault(child => child.name == name).module is LoraGroup present)
            return present;
        var group = new LoraGroup();
        group.train(layer.training);
        layer.register_module(name, group);
        return group;
    }

    /// <summary>The layers of several LoRAs that have the same part in each.</summary>
    private sealed class LoraGroup() : nn.Module(nameof(LoraGroup));
}
