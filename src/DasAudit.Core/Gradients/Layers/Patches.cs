using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Which values of a picture a two-dimensional convolution's kernel meets at each of its positions. Channels are last everywhere, so that
/// gathering copies whole runs of channels.
/// </summary>
/// <param name="kernel">Height and width of the kernel.</param>
/// <param name="stride">Steps between positions.</param>
/// <param name="dilation">Steps between the kernel's values.</param>
/// <param name="padding">Zeros around the picture: top, bottom, left, right.</param>
/// <param name="groups">Number of groups of channels.</param>
internal sealed class Patches(long[] kernel, long[] stride, long[] dilation, long[] padding, long groups)
{
    /// <summary>The patches of a layer, which pads with zeros by itself unless <paramref name="padded"/>.</summary>
    public static Patches Of(Convolution layer, bool padded = false) =>
        new(layer.kernel_size, layer.stride, layer.dilation, padded ? [0, 0, 0, 0] : Padding(layer), layer.groups);

    /// <summary>What a layer pads: top, bottom, left, right.</summary>
    public static long[] Padding(Convolution layer)
    {
        long[] padding = [0, 0, 0, 0];
        for (var d = 0; d < 2; d++)
        {
            var total = layer.padding_type == TorchSharp.Padding.Same ? layer.dilation[d] * (layer.kernel_size[d] - 1) : 2 * (layer.padding?[d] ?? 0);
            (padding[2 * d], padding[2 * d + 1]) = (total / 2, total - total / 2);
        }

        return padding;
    }

    /// <summary>[B, C, H, W] as positions, [B, H·W, C]: a view if the memory is channels-last.</summary>
    public static Tensor Positions(Tensor picture) => picture.permute(0, 2, 3, 1).flatten(1, 2);

    /// <summary>The patch of each position.</summary>
    /// <param name="picture">float32 [B, C, H, W].</param>
    /// <param name="height">Number of positions downwards.</param>
    /// <param name="width">Number of positions to the right.</param>
    /// <returns>[B·groups, height·width, kernel height · kernel width · C/groups].</returns>
    public Tensor Gather(Tensor picture, long height, long width)
    {
        if (kernel is [1, 1] && stride is [1, 1] && padding is [0, 0, 0, 0]) return ByGroup(Positions(picture).unsqueeze(2));
        var pixels = picture.permute(0, 2, 3, 1);
        if (padding is not [0, 0, 0, 0]) pixels = nn.functional.pad(pixels, [0, 0, padding[2], padding[3], padding[0], padding[1]]);
        pixels = pixels.contiguous();
        var (batch, channels) = (pixels.shape[0], pixels.shape[3]);
        var row = pixels.shape[2] * channels;
        return ByGroup(pixels
            .as_strided(
                [batch, height, width, kernel[0], kernel[1], channels],
                [pixels.shape[1] * row, stride[0] * row, stride[1] * channels, dilation[0] * row, dilation[1] * channels, 1])
            .reshape(batch, height * width, kernel[0] * kernel[1], channels));
    }

    /// <summary>Per-sample gradients of a kernel: Σ over positions of (values there)·(patch there)ᵀ.</summary>
    /// <param name="picture">float32 [B, O, height, width]: a value at each position.</param>
    /// <param name="patches">What <see cref="Gather"/> gave.</param>
    /// <returns>Of a parameter [O, C/groups, kernel height, kernel width].</returns>
    public DenseGradients Products(Tensor picture, Tensor patches)
    {
        var products = ByGroup(Positions(picture).unsqueeze(2)).transpose(1, 2).bmm(patches);
        return new(products.view(-1, picture.shape[1], kernel[0], kernel[1], patches.shape[2] / (kernel[0] * kernel[1])), [0, 1, 4, 2, 3]);
    }

    // [B, L, k, C] → [B·groups, L, k·C/groups]
    private Tensor ByGroup(Tensor values) => groups == 1
        ? values.flatten(2)
        : values.unflatten(3, groups, -1).permute(0, 3, 1, 2, 4).reshape(values.shape[0] * groups, values.shape[1], -1);
}
