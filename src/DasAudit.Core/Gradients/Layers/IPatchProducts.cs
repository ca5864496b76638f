using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>The gradient of a kernel: Σ over positions of (values there)·(patch of a picture there)ᵀ.</summary>
internal interface IPatchProducts : IDisposable
{
    /// <summary>Values as <see cref="Compute"/> takes them.</summary>
    /// <param name="values">float32 [B, O, height, width].</param>
    Tensor Prepared(Tensor values);

    /// <summary>The products of one picture with several values.</summary>
    /// <param name="picture">float32 [B, C, H, W].</param>
    /// <param name="values">Each float32 [B, O, height, width], prepared: O values at each position.</param>
    /// <returns>Gradients of a parameter [O, C/groups, kernel height, kernel width], for each of the values.</returns>
    ParameterGradients[] Compute(Tensor picture, Tensor[] values);
}
