using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients;

/// <summary>
/// Linear layers and two-dimensional convolutions compute in bfloat16 or float16: weights are rounded once, inputs at
/// each call, and outputs are float32 again; the backward pass likewise. Layers stay float32 if their numbers of
/// channels are no multiples of <see cref="Channels"/>, if they have groups, or if they share a parameter with another
/// module.
/// </summary>
internal static class ReducedPrecision
{
    /// <summary>Other numbers of channels gain nothing, and libtorch gets some of them wrong in float32.</summary>
    public const int Channels = 16;

    /// <summary>Changes a network for good, and returns the layers changed.</summary>
    /// <param name="type">bfloat16 or float16.</param>
    public static IReadOnlyList<nn.Module> Use(nn.Module network, ScalarType type)
    {
        using var noGradients = no_grad();
        List<nn.Module> modules =
        [
            .. network.modules().Prepend(network).DistinctBy(module => module, ReferenceEqualityComparer.Instance),
        ];
        var uses = modules.SelectMany(Handles).CountBy(handle => handle).ToDictionary();
        List<Layer> changed =
        [
            .. modules.OfType<Layer>().Where(layer => Fits(layer) && Handles(layer).All(handle => uses[handle] == 1)),
        ];
        foreach (var layer in changed)
        {
            RoundParameters(layer, type);
            // First of all hooks, so that those after it meet float32.
            layer.register_forward_pre_hook((_, input) => input.to_type(type));
            layer.register_forward_hook((_, _, output) => output.to_type(ScalarType.Float32));
        }

        return changed;
    }

    private static IEnumerable<IntPtr> Handles(nn.Module module) =>
        module.named_parameters(recurse: false).Select(named => named.parameter.Handle);

    // Derived modules may use their weights in ways that these do not.
    private static bool Fits(Layer module) =>
        module switch
        {
            Linear layer => layer.GetType() == typeof(Linear) && AreEven(layer.in_features, layer.out_features),
            Conv2d or ConvTranspose2d => Fits((Convolution)module),
            _ => false,
        };

    private static bool Fits(Convolution layer) =>
        (layer.GetType() == typeof(Conv2d) || layer.GetType() == typeof(ConvTranspose2d))
        && layer.groups == 1
        && AreEven(layer.in_channels, layer.out_channels);

    private static bool AreEven(long inputs, long outputs) => inputs % Channels == 0 && outputs % Channels == 0;

    private static void RoundParameters(Layer module, ScalarType type)
    {
        if (module is Linear linear)
        {
            linear.weight = Rounded(linear.weight, type)!;
            linear.bias = Rounded(linear.bias, type);
        }
        else if (module is Convolution convolution)
        {
            convolution.weight = Rounded(convolution.weight, type)!;
            convolution.bias = Rounded(convolution.bias, type);
        }
    }

    // The clone keeps the order of memory.
    private static Parameter? Rounded(Parameter? weight, ScalarType type)
    {
        if (weight is null)
            return null;
        using var scope = NewDisposeScope();
        return new(weight.to_type(type).clone().DetachFromDisposeScope(), weight.requires_grad);
    }
}
