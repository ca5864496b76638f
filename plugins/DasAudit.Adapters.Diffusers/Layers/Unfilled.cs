using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Layers;

/// <summary>
/// Layers whose weights and biases hold no values yet: whoever builds a network fills them, from a file or by drawing.
/// TorchSharp draws them when it makes a layer, which takes many seconds for a large network.
/// </summary>
internal static class Unfilled
{
    internal static Linear Linear(long inChannels, long outChannels, bool hasBias = true)
    {
        // On this device there are no values, so that drawing them costs nothing.
        var layer = nn.Linear(inChannels, outChannels, hasBias, META);
        layer.weight = Like(layer.weight);
        if (hasBias)
            layer.bias = Like(layer.bias!);
        return layer;
    }

    internal static Conv2d Conv2d(long inChannels, long outChannels, long kernel, long stride = 1, long padding = 0)
    {
        var layer = nn.Conv2d(inChannels, outChannels, kernel, stride, padding, device: META);
        layer.weight = Like(layer.weight);
        layer.bias = Like(layer.bias!);
        return layer;
    }

    internal static Embedding Embedding(long count, long width)
    {
        // TorchSharp makes this layer on the CPU alone; without rows there is nothing to draw.
        var layer = nn.Embedding(0, width);
        layer.weight = Parameter([count, width]);
        return layer;
    }

    private static Parameter Like(Parameter parameter) => Parameter(parameter.shape);

    private static Parameter Parameter(long[] shape) =>
        (Parameter)nn.Parameter(empty(shape, ScalarType.Float32, CPU)).DetachFromDisposeScope();
}
