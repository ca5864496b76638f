using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Layers;

/// <summary>
/// Stores convolution weights channels-last, as the tool does for the networks that it differentiates: on some
/// processors oneDNN computes wrong values in its blocked layouts, which this layout avoids.
/// </summary>
internal static class ChannelsLast
{
    internal static void Use(nn.Module network)
    {
        using var noGradient = no_grad();
        foreach (var convolution in network.modules().OfType<Conv2d>())
        {
            using var scope = NewDisposeScope();
            var weight = convolution.weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).clone();
            convolution.weight = new Parameter(weight.DetachFromDisposeScope(), requires_grad: false);
        }
    }
}
