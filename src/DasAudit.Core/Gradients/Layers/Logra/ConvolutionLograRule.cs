using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>What LoGra's rules for convolutions share. Each group of channels has its rows of P_O, and the groups' products add up.</summary>
/// <param name="layer">The convolution.</param>
/// <param name="exact">Its rule for gradients as they are.</param>
/// <param name="left">P_O; owned by this.</param>
/// <param name="right">P_I; owned by this.</param>
internal abstract class ConvolutionLograRule(Convolution layer, ILayerRule exact, Tensor left, Tensor right)
    : LograRule(exact, left, Ordered(right, layer))
{
    private readonly int _groups = (int)layer.groups;

    /// <summary>P_Oᵀ times the channels of each position.</summary>
    /// <param name="values">float32 [B, channels, height, width].</param>
    /// <returns>float32 [B, groups · O, height, width].</returns>
    protected Tensor Projected(Tensor values)
    {
        var positions = values.permute(0, 2, 3, 1);
        var projected =
            _groups == 1
                ? Times(positions, Left)
                : positions.unflatten(3, _groups, 1, -1).matmul(Left.view(_groups, -1, Left.shape[1])).flatten(3);
        return projected.permute(0, 3, 1, 2);
    }

    /// <summary>Sums the products of the groups and multiplies by P_I.</summary>
    /// <param name="products">float32 [B, groups · O, kernel height, kernel width, C/groups].</param>
    /// <returns>float32 [B, O, I].</returns>
    protected Tensor Coordinates(Tensor products)
    {
        var rows = products.flatten(2);
        return Times(_groups == 1 ? rows : rows.unflatten(1, _groups, -1).sum([1L]), Right);
    }

    // P_I [C/groups · kernel, I] with its rows in the order of the products, kernel · C/groups
    private static Tensor Ordered(Tensor right, Convolution layer)
    {
        using (right)
            return right
                .view(-1, layer.kernel_size.Aggregate((a, b) => a * b), right.shape[1])
                .transpose(0, 1)
                .flatten(0, 1)
                .contiguous();
    }
}
