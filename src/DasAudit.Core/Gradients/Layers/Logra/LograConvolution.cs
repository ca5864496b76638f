using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>What LoGra's rules for convolutions share. Each group of channels has its rows of P_O, and their products add up.</summary>
/// <param name="groups">Number of groups.</param>
internal sealed class LograConvolution(int groups)
{
    /// <summary>P_I [C/groups · kernel, I] with its rows in the order of <see cref="PatchProducts"/>' results, kernel · C/groups.</summary>
    public static Tensor Ordered(Tensor right, Convolution layer)
    {
        using (right) return right.view(-1, layer.kernel_size.Aggregate((a, b) => a * b), right.shape[1]).transpose(0, 1).flatten(0, 1).contiguous();
    }

    /// <summary>P_Oᵀ times the channels of each position.</summary>
    /// <param name="values">float32 [B, channels, height, width].</param>
    /// <param name="left">P_O, [channels, O].</param>
    /// <returns>float32 [B, groups · O, height, width].</returns>
    public Tensor Project(Tensor values, Tensor left)
    {
        var positions = values.permute(0, 2, 3, 1);
        var projected = groups == 1
            ? positions.matmul(left)
            : positions.unflatten(3, groups, 1, -1).matmul(left.view(groups, -1, left.shape[1])).flatten(3);
        return projected.permute(0, 3, 1, 2);
    }

    /// <summary>Sums the products of the groups and multiplies by P_I.</summary>
    /// <param name="products">float32 [B, groups · O, kernel height, kernel width, C/groups].</param>
    /// <param name="right">P_I, <see cref="Ordered"/>.</param>
    /// <returns>float32 [B, O, I].</returns>
    public Tensor Multiply(Tensor products, Tensor right)
    {
        var rows = products.flatten(2);
        return (groups == 1 ? rows : rows.unflatten(1, groups, -1).sum([1L])).matmul(right);
    }
}
