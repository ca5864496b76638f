using DasAudit.Core.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// What a kernel's gradient is made of: for each sample Σ over positions of (values there)·(patch of the picture there)ᵀ. No convolution is
/// called for it, so the layouts in which libtorch's are wrong on some processors do not matter (see <see cref="Torch.ConvolutionLayout"/>).
/// The rule is fixed, so that results are the same in every run: where positions are few, the factors are kept as they are; else, on the CPU and
/// without groups, <see cref="PatchKernel"/>; else patches are gathered and multiplied as matrices.
/// </summary>
/// <param name="geometry">How patches lie.</param>
internal sealed class PatchProducts(ConvolutionGeometry geometry)
{
    /// <summary>The products of one picture with several values.</summary>
    /// <param name="picture">float32 [B, C, H, W].</param>
    /// <param name="values">Each float32 [B, O, height, width]: O values at each position.</param>
    /// <returns>Gradients of a parameter [O, C/groups, kernel height, kernel width], for each of the values.</returns>
    public ParameterGradients[] Compute(Tensor picture, Tensor[] values)
    {
        var (length, kernel) = (geometry.Kernel.Y * geometry.Kernel.X, values[0].shape);
        if (
            geometry.Groups > 1
            || !PatchFactorGradients.Pays(kernel[2] * kernel[3], kernel[1], length * picture.shape[1])
        )
            return [.. Products(picture, values).Select(product => new DenseGradients(product, length))];
        var patches = Gather(ChannelsLast(picture), kernel[2], kernel[3]).transpose(2, 3).flatten(2).contiguous();
        return [.. values.Select(value => new PatchFactorGradients(ChannelsLast(value).flatten(1, 2), patches))];
    }

    /// <summary>The products of one picture with several values.</summary>
    /// <param name="picture">float32 [B, C, H, W].</param>
    /// <param name="values">Each float32 [B, O, height, width]: O values at each position.</param>
    /// <returns>For each of the values float32 [B, O, kernel height, kernel width, C/groups].</returns>
    public Tensor[] Products(Tensor picture, Tensor[] values)
    {
        var pixels = ChannelsLast(picture);
        var positions = values.Select(ChannelsLast).ToArray();
        return picture.device_type == DeviceType.CPU && geometry.Groups == 1
            ? PatchKernel.Products(pixels, positions, geometry)
            : ByMatrices(pixels, positions);
    }

    /// <summary>The same on any device and with groups.</summary>
    /// <param name="pixels">[B, H, W, C].</param>
    /// <param name="values">Each [B, height, width, O].</param>
    /// <returns>Each [B, O, kernel height, kernel width, C/groups].</returns>
    internal Tensor[] ByMatrices(Tensor pixels, Tensor[] values)
    {
        var patches = ByGroup(Gather(pixels, values[0].shape[1], values[0].shape[2]));
        var (y, x) = geometry.Kernel;
        return
        [
            .. values.Select(value =>
                ByGroup(value.flatten(1, 2).unsqueeze(2))
                    .transpose(1, 2)
                    .bmm(patches)
                    .view(pixels.shape[0], value.shape[3], y, x, pixels.shape[3] / geometry.Groups)
            ),
        ];
    }

    // [B, height · width, kernel height · kernel width, C]
    private Tensor Gather(Tensor pixels, long height, long width)
    {
        var (before, after, stride, dilation) = (geometry.Before, geometry.After, geometry.Stride, geometry.Dilation);
        var padded = nn.functional.pad(pixels, [0, 0, before.X, after.X, before.Y, after.Y]).contiguous();
        var (batch, channels) = (padded.shape[0], padded.shape[3]);
        var row = padded.shape[2] * channels;
        return padded
            .as_strided(
                [batch, height, width, geometry.Kernel.Y, geometry.Kernel.X, channels],
                [padded.shape[1] * row, stride.Y * row, stride.X * channels, dilation.Y * row, dilation.X * channels, 1]
            )
            .reshape(batch, height * width, geometry.Kernel.Y * geometry.Kernel.X, channels);
    }

    // [B, L, k, C] → [B·groups, L, k·C/groups]
    private Tensor ByGroup(Tensor values) =>
        geometry.Groups == 1
            ? values.flatten(2)
            : values
                .unflatten(3, geometry.Groups, -1)
                .permute(0, 3, 1, 2, 4)
                .reshape(values.shape[0] * geometry.Groups, values.shape[1], -1);

    private static Tensor ChannelsLast(Tensor values) => values.permute(0, 2, 3, 1).contiguous();
}
