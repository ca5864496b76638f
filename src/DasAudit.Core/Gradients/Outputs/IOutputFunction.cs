using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>A scalar of the noise prediction, of which per-sample gradients are taken.</summary>
internal interface IOutputFunction
{
    /// <summary>Its name, as options and headers have it.</summary>
    string Name { get; }

    /// <summary>Whether it is a probe f(ε̂) = vᵀε̂ whose gradients are rows of a kernel.</summary>
    /// <remarks>Tangent targets vᵀỹ, ỹ = Jθ + (y − ε̂), come with them: what regression on them should give.</remarks>
    bool HasTangentTarget => false;

    /// <summary>The scalar of each sample, float32 [B], in the caller's dispose scope.</summary>
    /// <remarks>In the batch's region, if it has one: w_j weighs value j, and Σ_j w_j takes the place of d.</remarks>
    /// <param name="prediction">ε̂ (or v̂ …), float32 [B, C, H, W], d = C·H·W values a sample.</param>
    Tensor Of(Tensor prediction, NoisyBatch batch);
}
