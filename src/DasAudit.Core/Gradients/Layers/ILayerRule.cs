using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>How one kind of layer forms its per-sample gradients.</summary>
internal interface ILayerRule : IDisposable
{
    /// <summary>The per-sample gradients of the layer's parameters under each output function.</summary>
    /// <param name="attributed">Which parameters.</param>
    /// <param name="input">a, what the layer was called with; first dimension B.</param>
    /// <param name="deltas">δ, for each output function its gradient by the layer's output; first dimension B.</param>
    /// <returns>
    /// For each output function the gradients in the order in which the layer names its parameters: weight and bias for
    /// all but a <see cref="ModuleGradientsRule"/>; null for those that are not attributed.
    /// </returns>
    /// <exception cref="LayerNotSupportedException">The rule does not know such a call.</exception>
    ParameterGradients?[][] Compute(Tensor input, Tensor[] deltas, Attributed attributed);
}

/// <summary>A rule that does its layer's backward pass itself, where that is faster than libtorch's.</summary>
internal interface IBackwardRule : ILayerRule
{
    /// <summary>Whether the rule can do it for such an input.</summary>
    bool CanDo(Tensor input);

    /// <summary>The backward pass of one output function.</summary>
    /// <returns>The parameters' gradients, and the gradient by the input in the caller's dispose scope.</returns>
    (ParameterGradients?[] Parameters, Tensor Input) Backward(Tensor input, Tensor delta, Attributed attributed);
}

/// <summary>Which of a layer's weight and bias are attributed.</summary>
internal readonly record struct Attributed(bool Weight, bool Bias);
