using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>
/// Stores convolution weights channels-last. On some processors the oneDNN of libtorch 2.10 computes wrong values and
/// wrong gradients in its blocked layouts wherever a channel count is no multiple of the vector width (it reads padding
/// that was never written): the last layer of every RGB model is such a layer. In the channels-last layout, which one
/// operand's format selects, both are right, and most convolutions are faster. Names and values of the weights do not
/// change.
/// </summary>
internal static class ConvolutionLayout
{
    public static void UseChannelsLast(nn.Module network)
    {
        using var noGradient = no_grad();
        foreach (var module in network.modules().Prepend(network))
        {
            if (module is Conv2d convolution)
                convolution.weight = ChannelsLast(convolution.weight!);
            else if (module is ConvTranspose2d transposed)
                transposed.weight = ChannelsLast(transposed.weight!);
        }
    }

    private static Parameter ChannelsLast(Parameter weight)
    {
        using var scope = NewDisposeScope();
        // The clone keeps the strides and is no view: a view made without gradients could not be trained.
        var stored = weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).clone();
        return new Parameter(stored.DetachFromDisposeScope(), weight.requires_grad);
    }
}
