using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Layers;

/// <summary>
/// Layers that stand inside a linear layer or a convolution, such as a LoRA's. TorchSharp moves and converts such a
/// layer's own parameters alone, so that a network must move these itself.
/// </summary>
internal static class NestedLayers
{
    internal static void To(nn.Module network, ScalarType type, bool nonBlocking) =>
        Of(network).ForEach(layer => layer.to(type, nonBlocking));

    internal static void To(nn.Module network, DeviceType deviceType, int deviceIndex, bool nonBlocking) =>
        Of(network).ForEach(layer => layer.to(deviceType, deviceIndex, nonBlocking));

    internal static void To(nn.Module network, Device device, ScalarType type, bool nonBlocking) =>
        Of(network).ForEach(layer => layer.to(device, type, nonBlocking));

    private static List<nn.Module> Of(nn.Module network) =>
        [
            .. network
                .modules()
                .Where(module => module is Linear or Convolution)
                .SelectMany(layer => layer.modules())
                .Where(module => module is Linear or Convolution),
        ];
}
