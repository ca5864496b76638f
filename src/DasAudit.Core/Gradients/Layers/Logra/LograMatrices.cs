using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>LoGra's matrices of a weight on its device; owns both.</summary>
/// <remarks>
/// The rules of this folder form the coordinates P_OᵀG·P_I of the weight's gradient G without forming G: one side is
/// projected before it meets the other, and the small product after. Biases are as they are.
/// </remarks>
internal sealed class LograMatrices(Tensor left, Tensor right) : IDisposable
{
    /// <summary>P_O, float32 [first dimension of the weight, O].</summary>
    public Tensor Left { get; } = left.DetachFromDisposeScope();

    /// <summary>P_I, float32 [other dimensions, I].</summary>
    public Tensor Right { get; } = right.DetachFromDisposeScope();

    /// <summary>The last dimension times a matrix.</summary>
    public static Tensor Product(Tensor values, Tensor matrix) =>
        NarrowProduct
            .Of(values.reshape(-1, values.shape[^1]).contiguous(), matrix)
            .view([.. values.shape[..^1], matrix.shape[1]]);

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }
}
