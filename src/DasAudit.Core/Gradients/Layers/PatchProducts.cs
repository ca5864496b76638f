using DasAudit.Core.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// The whole gradient of a kernel. It calls no convolution of libtorch, some of which are wrong in some layouts (see
/// <see cref="Torch.ConvolutionLayout"/>). The rule is fixed, so that every run gives the same results: few positions
/// are kept as factors; else <see cref="PatchKernel"/> on the CPU without groups; else gathered patches times values.
/// </summary>
/// <param name="usesKernels">Whether <see cref="PatchKernel"/> may be used.</param>
internal sealed class PatchProducts(ConvolutionGeometry geometry, bool usesKernels = true) : IPatchProducts
{
    public Tensor Prepared(Tensor values) => values;

    public ParameterGradients[] Compute(Tensor picture, Tensor[] values)
    {
        var outputs = values[0].shape[1];
        var height = values[0].shape[2];
        var width = values[0].shape[3];
        var patchLength = geometry.KernelLength * picture.shape[1];
        if (geometry.Groups > 1 || !PatchFactorGradients.Pays(height * width, outputs, patchLength))
        {
            var products = Products(picture, values);
            return Array.ConvertAll(products, product => new DenseGradients(product, geometry.KernelLength));
        }

        var patches = Gather(ChannelsLast(picture), height, width).transpose(2, 3).flatten(2).contiguous();
        return Array.ConvertAll(values, value => new PatchFactorGradients(ChannelsLast(value).flatten(1, 2), patches));
    }

    /// <summary>Each float32 [B, O, kernel height, kernel width, C/groups], of values [B, O, height, width].</summary>
    public Tensor[] Products(Tensor picture, Tensor[] values)
    {
        var pixels = ChannelsLast(picture);
        return usesKernels && picture.device_type == DeviceType.CPU && geometry.Groups == 1
            ? PatchKernel.Products(pixels, Array.ConvertAll(values, ChannelsLast), geometry)
            : ByMatrices(pixels, values);
    }

    /// <summary>The same on any device and with groups: pixels [B, H, W, C], values [B, O, height, width].</summary>
    internal Tensor[] ByMatrices(Tensor pixels, Tensor[] values)
    {
        var patches = ByGroup(Gather(pixels, values[0].shape[2], values[0].shape[3]));
        var (y, x) = geometry.Kernel;
        var channels = pixels.shape[3] / geometry.Groups;
        return Array.ConvertAll(values, Products);

        Tensor Products(Tensor value)
        {
            var outputs = value.shape[1];
            var byGroup = value.flatten(2).reshape(patches.shape[0], outputs / geometry.Groups, -1);
            return byGroup.bmm(patches).view(pixels.shape[0], outputs, y, x, channels);
        }
    }

    public void Dispose() { }

    // [B, height · width, kernel height · kernel width, C]
    private Tensor Gather(Tensor pixels, long height, long width)
    {
        var before = geometry.Before;
        var after = geometry.After;
        var padded = nn.functional.pad(pixels, [0, 0, before.X, after.X, before.Y, after.Y]).contiguous();
        var batch = padded.shape[0];
        var channels = padded.shape[3];
        var row = padded.shape[2] * channels;
        var stride = (Y: geometry.Stride.Y * row, X: geometry.Stride.X * channels);
        var dilation = (Y: geometry.Dilation.Y * row, X: geometry.Dilation.X * channels);
        return padded
            .as_strided(
                [batch, height, width, geometry.Kernel.Y, geometry.Kernel.X, channels],
                [padded.shape[1] * row, stride.Y, stride.X, dilation.Y, dilation.X, 1]
            )
            .reshape(batch, height * width, geometry.KernelLength, channels);
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
