using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Which input values each output value of a two-dimensional convolution sees.</summary>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="Stride">Steps between outputs.</param>
/// <param name="Dilation">Steps between the kernel's values.</param>
/// <param name="Padding">Zeros before and after: top, bottom, left, right.</param>
internal sealed record PatchGeometry(long[] Kernel, long[] Stride, long[] Dilation, long[] Padding);

/// <summary>Gathers the patches that a convolution sees, with channels last: the copies are then of whole runs of channels.</summary>
internal static class Patches
{
    /// <summary>[B, C, H, W] as positions: [B, H·W, C], a view if the memory is channels-last.</summary>
    public static Tensor Positions(Tensor image) => image.permute(0, 2, 3, 1).flatten(1, 2);

    /// <summary>The patch of each output position.</summary>
    /// <param name="image">float32 [B, C, H, W].</param>
    /// <param name="geometry">How patches lie.</param>
    /// <param name="outputs">Number of output positions, vertically and horizontally.</param>
    /// <returns>[B, outputs, kernel height · kernel width, C].</returns>
    public static Tensor Gather(Tensor image, PatchGeometry geometry, (long Height, long Width) outputs)
    {
        var (kernel, stride, dilation, padding) = (geometry.Kernel, geometry.Stride, geometry.Dilation, geometry.Padding);
        var channelsLast = image.permute(0, 2, 3, 1);
        if (padding.Any(p => p != 0)) channelsLast = nn.functional.pad(channelsLast, [0, 0, padding[2], padding[3], padding[0], padding[1]]);
        channelsLast = channelsLast.contiguous();
        var (batch, channels, row) = (image.shape[0], image.shape[1], channelsLast.shape[2] * image.shape[1]);
        return channelsLast
            .as_strided(
                [batch, outputs.Height, outputs.Width, kernel[0], kernel[1], channels],
                [channelsLast.shape[1] * row, stride[0] * row, stride[1] * channels, dilation[0] * row, dilation[1] * channels, 1])
            .reshape(batch, outputs.Height * outputs.Width, kernel[0] * kernel[1], channels);
    }
}
