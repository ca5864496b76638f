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

namespace DasAudit.Core.Gradients;

/// <summary>
/// Lets the linear layers and two-dimensional convolutions of a network compute in bfloat16: their weights are rounded once, what they are
/// called with at each call, and what they give is float32 again; the backward pass likewise. Layers stay float32 whose numbers of channels
/// are no multiples of <see cref="Channels"/>, that have groups, or that share a parameter with another module.
/// </summary>
internal static class ReducedPrecision
{
    /// <summary>Other numbers of channels gain nothing, and are those that libtorch's kernels are known to get wrong in float32.</summary>
    public const int Channels = 16;

    /// <summary>Changes a network for good.</summary>
    /// <returns>The layers changed.</returns>
    public static IReadOnlyList<nn.Module> UseBFloat16(nn.Module network)
    {
        using var noGradients = no_grad();
        var modules = network
            .modules()
            .Prepend(network)
            .Distinct(ReferenceEqualityComparer.Instance)
            .Cast<nn.Module>()
            .ToList();
        var uses = modules
            .SelectMany(module => module.named_parameters(recurse: false))
            .GroupBy(own => own.parameter.Handle)
            .ToDictionary(group => group.Key, group => group.Count());
        var changed = modules
            .Where(module =>
                Fits(module) && module.named_parameters(recurse: false).All(own => uses[own.parameter.Handle] == 1)
            )
            .ToList();
        foreach (var module in changed)
        {
            switch (module)
            {
                case Linear layer:
                    (layer.weight, layer.bias) = (Rounded(layer.weight)!, Rounded(layer.bias));
                    break;
                case Conv2d layer:
                    (layer.weight, layer.bias) = (Rounded(layer.weight)!, Rounded(layer.bias));
                    break;
                case ConvTranspose2d layer:
                    (layer.weight, layer.bias) = (Rounded(layer.weight)!, Rounded(layer.bias));
                    break;
            }

            // First of all hooks, so that those after it meet float32.
            ((Hookable)module).register_forward_pre_hook((_, input) => input.to_type(ScalarType.BFloat16));
            ((Hookable)module).register_forward_hook((_, _, output) => output.to_type(ScalarType.Float32));
        }

        return changed;
    }

    // Derived modules may use their weights in ways of their own.
    private static bool Fits(nn.Module module) =>
        module switch
        {
            Linear layer => module.GetType() == typeof(Linear) && Even(layer.in_features, layer.out_features),
            Conv2d layer => module.GetType() == typeof(Conv2d)
                && layer.groups == 1
                && Even(layer.in_channels, layer.out_channels),
            ConvTranspose2d layer => module.GetType() == typeof(ConvTranspose2d)
                && layer.groups == 1
                && Even(layer.in_channels, layer.out_channels),
            _ => false,
        };

    private static bool Even(long inputs, long outputs) => inputs % Channels == 0 && outputs % Channels == 0;

    // The clone keeps the order of memory.
    private static Parameter? Rounded(Parameter? weight)
    {
        if (weight is null)
            return null;
        using var scope = NewDisposeScope();
        return new(weight.to_type(ScalarType.BFloat16).clone().DetachFromDisposeScope(), weight.requires_grad);
    }
}
