using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>
/// LoGra's way with a layer: the coordinates P_OᵀG·P_I of its weight's gradient G without forming G. One side is projected before it meets
/// the other, and the small product after. Biases are as they are.
/// </summary>
/// <param name="exact">The layer's rule for gradients as they are.</param>
/// <param name="left">P_O; owned by this.</param>
/// <param name="right">P_I; owned by this.</param>
internal abstract class LograRule(ILayerRule exact, Tensor left, Tensor right) : ILayerRule, IDisposable
{
    /// <summary>P_O, float32 [first dimension of the weight, O].</summary>
    protected Tensor Left { get; } = left.DetachFromDisposeScope();

    /// <summary>P_I, float32 [other dimensions, I].</summary>
    protected Tensor Right { get; } = right.DetachFromDisposeScope();

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        var biases = exact.Compute(input, deltas, wanted with { Weight = false });
        return
        [
            .. Weights(input, deltas)
                .Zip(biases, (weight, bias) => new LayerGradients(new DenseGradients(weight), bias.Parts[1])),
        ];
    }

    public Tensor Share(Tensor input, Tensor output, Tensor? bias, WantedParameters wanted) =>
        exact.Share(input, output, bias, wanted);

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    /// <summary>The coordinates of the weight's gradient, for each output function float32 [B, O, I].</summary>
    /// <param name="input">a, what the layer was called with; first dimension B.</param>
    /// <param name="deltas">δ, for each output function its gradient by the layer's output; first dimension B.</param>
    protected abstract Tensor[] Weights(Tensor input, Tensor[] deltas);

    /// <summary>The last dimension times a matrix.</summary>
    protected static Tensor Times(Tensor values, Tensor matrix) =>
        NarrowProduct
            .Of(values.reshape(-1, values.shape[^1]).contiguous(), matrix)
            .view([.. values.shape[..^1], matrix.shape[1]]);
}
