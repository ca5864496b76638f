using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>The parts of the tangent target vᵀỹ = ⟨Jᵀv, θ⟩ + vᵀ(y − ε̂) of a probe v.</summary>
/// <remarks>It is the response that belongs to the row vᵀJ when the model is linearised in its parameters.</remarks>
internal static class TangentTarget
{
    /// <summary>vᵀ(y − ε̂) of each sample, for the probe f(ε̂) = vᵀε̂: float64 [B].</summary>
    public static Tensor Rest(IOutputFunction probe, Tensor prediction, NoisyBatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return probe.Of(batch.Target - prediction, batch).to_type(float64).MoveToOuterDisposeScope();
    }

    /// <summary>⟨x_b, y_b⟩ of each sample, float64 [B]; y may have first dimension 1 for all samples.</summary>
    public static Tensor Products(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var products = left.to_type(ScalarType.Float32) * right.to_type(ScalarType.Float32);
        return products.flatten(1).sum([1L], type: float64).MoveToOuterDisposeScope();
    }
}
