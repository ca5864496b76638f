using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>How one kind of layer forms its per-sample gradients.</summary>
internal interface ILayerRule
{
    /// <summary>The per-sample gradients of the layer's parameters under each output function.</summary>
    /// <param name="input">a, what the layer was called with; first dimension B.</param>
    /// <param name="deltas">δ, for each output function its gradient by the layer's output; first dimension B.</param>
    /// <param name="wanted">Which parameters.</param>
    /// <returns>One entry an output function.</returns>
    LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted);

    /// <summary>
    /// What the wanted parameters give to the layer's output, which is linear in them, such as W·a of W·a + b: its inner product with δ is that of the
    /// parameters with their gradient, whatever form that is kept in.
    /// </summary>
    /// <param name="input">a, what the layer was called with; first dimension B.</param>
    /// <param name="output">The layer's output.</param>
    /// <param name="bias">The layer's bias, in a shape that fits the output; null if it has none.</param>
    /// <param name="wanted">Which parameters.</param>
    /// <returns>Of the output's shape.</returns>
    Tensor Share(Tensor input, Tensor output, Tensor? bias, WantedParameters wanted) =>
        (wanted, bias) switch
        {
            ({ Weight: false }, _) => bias!.expand_as(output),
            ({ Bias: false }, not null) => output - bias,
            _ => output,
        };
}

/// <summary>A rule that does its layer's backward pass itself, where that is faster than libtorch's.</summary>
internal interface IBackwardRule : ILayerRule
{
    /// <summary>Whether the rule can do it for such an input.</summary>
    bool CanDo(Tensor input);

    /// <summary>The backward pass of one output function.</summary>
    /// <param name="input">a, what the layer was called with; first dimension B.</param>
    /// <param name="delta">δ, the gradient by the layer's output.</param>
    /// <param name="wanted">Which parameters.</param>
    /// <returns>The parameters' per-sample gradients, and the gradient by the input in the caller's dispose scope.</returns>
    (LayerGradients Parameters, Tensor Input) Backward(Tensor input, Tensor delta, WantedParameters wanted);
}

/// <summary>Which of a layer's parameters are attributed.</summary>
internal readonly record struct WantedParameters(bool Weight, bool Bias);

/// <summary>
/// The per-sample gradients of a layer's parameters, in the order in which the layer names them: weight and bias for all but an
/// <see cref="OwnGradientsRule"/>; null where they are not wanted.
/// </summary>
internal readonly struct LayerGradients(params ParameterGradients?[] parts)
{
    /// <summary>One entry a parameter.</summary>
    public IReadOnlyList<ParameterGradients?> Parts { get; } = parts;
}
