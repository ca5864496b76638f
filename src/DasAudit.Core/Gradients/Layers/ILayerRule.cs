using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>How one kind of layer forms its per-sample gradients.</summary>
internal interface ILayerRule : IDisposable
{
    /// <summary>The per-sample gradients of the layer's parameters under each output function.</summary>
    /// <param name="input">a, what the layer was called with; first dimension B.</param>
    /// <param name="deltas">δ, for each output function its gradient by the layer's output; first dimension B.</param>
    /// <returns>Weight and bias, or all of a <see cref="ModuleGradientsRule"/>; null if not attributed.</returns>
    ParameterGradients?[][] Compute(Tensor input, Tensor[] deltas, Attributed attributed);
}

/// <summary>A rule that does its layer's backward pass itself, where that is faster than libtorch's.</summary>
internal interface IBackwardRule : ILayerRule
{
    bool CanDo(Tensor input);

    /// <summary>One output function's backward pass; the input's gradient is in the caller's dispose scope.</summary>
    (ParameterGradients?[] Parameters, Tensor Input) Backward(Tensor input, Tensor delta, Attributed attributed);
}

internal readonly record struct Attributed(bool Weight, bool Bias);
