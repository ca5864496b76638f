using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// A module that uses parameters of its own directly, such as a learned positional embedding or a layer scale, and says
/// what their gradients are; without it, a model with such a module is differentiated one sample at a time, several
/// times slower. It must be a module from one tensor to one tensor, called by <c>.call()</c>. Modules inside it have
/// their own rules. What it says is checked against automatic differentiation before it is used.
/// </summary>
public interface IPerSampleGradients
{
    /// <summary>The gradient of each sample by each parameter of the module itself: gᵦ = (∂y_b/∂θ)ᵀ·δ_b.</summary>
    /// <param name="input">What the module was called with; first dimension B.</param>
    /// <param name="outputGradient">δ, the gradient by the output, float32 of its shape. Not to be changed.</param>
    /// <returns>
    /// For each name of <c>named_parameters(recurse: false)</c> a float32 tensor [B, …shape of the parameter]; views of
    /// the arguments are fine. Called without recording of gradients, in a dispose scope that frees what it makes,
    /// possibly on another thread than the forward pass.
    /// </returns>
    IReadOnlyDictionary<string, Tensor> PerSampleGradients(Tensor input, Tensor outputGradient);
}
