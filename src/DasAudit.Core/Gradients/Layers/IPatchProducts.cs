using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>The gradient of a kernel: Σ over positions of (values there)·(patch of a picture there)ᵀ.</summary>
internal interface IPatchProducts : IDisposable
{
    /// <summary>Values, float32 [B, O, height, width], as <see cref="Compute"/> takes them.</summary>
    Tensor Prepared(Tensor values);

    /// <summary>For each of the values, gradients of a parameter [O, C/groups, kernel height, kernel width].</summary>
    /// <param name="picture">float32 [B, C, H, W].</param>
    /// <param name="values">Each float32 [B, O, height, width], prepared: O values at each position.</param>
    ParameterGradients[] Compute(Tensor picture, Tensor[] values);
}
