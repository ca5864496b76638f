using DasAudit.Core.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>
/// What <see cref="LograPatchProducts"/> computes, where libtorch's convolutions are fast: the picture is convolved
/// with the columns of P_I as filters, so that no patch is gathered.
/// </summary>
internal sealed class LograConvolutions(ConvolutionGeometry geometry, LograMatrices matrices) : IPatchProducts
{
    // P_Iᵀ [I, C/groups, kernel height, kernel width]
    private readonly Tensor _filters = Filters(geometry, matrices.Right);

    // P_Oᵀ of each group, [groups, O, channels of the group]
    private readonly Tensor _left = matrices
        .Left.view(geometry.Groups, -1, matrices.Left.shape[1])
        .transpose(1, 2)
        .contiguous()
        .DetachFromDisposeScope();

    /// <summary>P_Oᵀ times the channels of each position: float32 [B, groups · O, height, width].</summary>
    public Tensor Prepared(Tensor values)
    {
        var batch = values.shape[0];
        var left = _left.expand([batch, .. _left.shape]).flatten(0, 1);
        var byGroup = ByGroup(values).flatten(2);
        return left.bmm(byGroup).view(batch, -1, values.shape[2], values.shape[3]);
    }

    public ParameterGradients[] Compute(Tensor picture, Tensor[] values)
    {
        var convolved = Convolved(ByGroup(Padded(picture)))
            .narrow(2, 0, values[0].shape[2])
            .narrow(3, 0, values[0].shape[3])
            .flatten(2)
            .transpose(1, 2);
        return Array.ConvertAll(values, value => new DenseGradients(Coordinates(value, convolved)));
    }

    public void Dispose()
    {
        _filters.Dispose();
        _left.Dispose();
        matrices.Dispose();
    }

    // [B, O, I]
    private Tensor Coordinates(Tensor value, Tensor convolved)
    {
        var products = ByGroup(value).flatten(2).bmm(convolved);
        return geometry.Groups == 1 ? products : products.unflatten(0, -1, geometry.Groups).sum([1L]);
    }

    private Tensor Convolved(Tensor pictures) =>
        nn.functional.conv2d(
            pictures,
            _filters,
            strides: [geometry.Stride.Y, geometry.Stride.X],
            dilation: [geometry.Dilation.Y, geometry.Dilation.X]
        );

    private Tensor Padded(Tensor picture)
    {
        var (before, after) = (geometry.Before, geometry.After);
        return before == (0, 0) && after == (0, 0)
            ? picture
            : nn.functional.pad(picture, [before.X, after.X, before.Y, after.Y]);
    }

    // [B, groups · C, H, W] → [B · groups, C, H, W]
    private Tensor ByGroup(Tensor values) =>
        geometry.Groups == 1
            ? values
            : values
                .unflatten(1, geometry.Groups, -1)
                .reshape([-1, values.shape[1] / geometry.Groups, .. values.shape[2..]]);

    private static Tensor Filters(ConvolutionGeometry geometry, Tensor right)
    {
        var (y, x) = geometry.Kernel;
        var filters = right.t().reshape(right.shape[1], -1, y, x);
        // On a processor other layouts can be wrong: see ConvolutionLayout.
        var stored =
            right.device_type == DeviceType.CPU
                ? filters.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).clone()
                : filters.contiguous();
        return stored.DetachFromDisposeScope();
    }
}
