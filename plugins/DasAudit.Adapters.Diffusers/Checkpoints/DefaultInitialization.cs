using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// PyTorch's default initialisation, which diffusers leaves as it is: weights and biases of linear layers and
/// convolutions uniform in ±1/√fan_in, norms 1 and 0, embeddings standard normal. Drawn in the order of the modules
/// from a generator of its own.
/// </summary>
internal static class DefaultInitialization
{
    internal static void Apply(nn.Module network, long seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(unchecked((ulong)seed), CPU);
        foreach (var (name, module) in network.named_modules())
        {
            switch (module)
            {
                case Linear layer:
                    Uniform(layer.weight, layer.bias, generator);
                    break;
                case Conv2d layer:
                    Uniform(layer.weight, layer.bias, generator);
                    break;
                case Embedding layer:
                    layer.weight!.normal_(0, 1, generator);
                    break;
                case GroupNorm layer:
                    layer.weight!.fill_(1);
                    layer.bias?.fill_(0);
                    break;
                case LayerNorm layer:
                    layer.weight!.fill_(1);
                    layer.bias?.fill_(0);
                    break;
                default:
                    if (module.named_parameters(recurse: false).Any())
                        throw new InvalidOperationException($"There is no initialisation for '{name}'.");
                    break;
            }
        }
    }

    private static void Uniform(Tensor weight, Tensor? bias, Generator generator)
    {
        var fanIn = weight.NumberOfElements / weight.shape[0];
        var bound = 1 / Math.Sqrt(fanIn);
        weight.uniform_(-bound, bound, generator);
        bias?.uniform_(-bound, bound, generator);
    }
}
