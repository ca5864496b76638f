using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Convolutions: Σ over positions of (P_Oᵀ(values there))·(P_Iᵀ(patch there))ᵀ.</summary>
/// <remarks>Each group of channels has its rows of P_O; the groups' products add up.</remarks>
internal sealed class LograPatchProducts(ConvolutionGeometry geometry, LograMatrices matrices) : IPatchProducts
{
    private readonly PatchProducts _exact = new(geometry);

    // P_I [C/groups · kernel, I] with its rows in the order of the products, kernel · C/groups
    private readonly Tensor _right = matrices
        .Right.view(-1, geometry.KernelLength, matrices.Right.shape[1])
        .transpose(0, 1)
        .flatten(0, 1)
        .contiguous()
        .DetachFromDisposeScope();

    /// <summary>P_Oᵀ times the channels of each position: float32 [B, groups · O, height, width].</summary>
    public Tensor Prepared(Tensor values)
    {
        var positions = values.permute(0, 2, 3, 1);
        var projected =
            geometry.Groups == 1
                ? LograMatrices.Product(positions, matrices.Left)
                : positions
                    .unflatten(3, geometry.Groups, 1, -1)
                    .matmul(matrices.Left.view(geometry.Groups, -1, matrices.Left.shape[1]))
                    .flatten(3);
        return projected.permute(0, 3, 1, 2);
    }

    public ParameterGradients[] Compute(Tensor picture, Tensor[] values) =>
        Array.ConvertAll(_exact.Products(picture, values), products => new DenseGradients(Coordinates(products)));

    public void Dispose()
    {
        _right.Dispose();
        matrices.Dispose();
    }

    // [B, groups · O, kernel height, kernel width, C/groups] → [B, O, I]
    private Tensor Coordinates(Tensor products)
    {
        var rows = products.flatten(2);
        var sums = geometry.Groups == 1 ? rows : rows.unflatten(1, geometry.Groups, -1).sum([1L]);
        return LograMatrices.Product(sums, _right);
    }
}
