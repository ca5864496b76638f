using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Gradients;

/// <summary>Takes the gradients of each sample of a batch, of the model it was made with. Not thread-safe.</summary>
internal interface ISampleGradients : IDisposable
{
    /// <summary>Takes the gradients of a batch.</summary>
    /// <returns>Valid until disposed; only one at a time.</returns>
    /// <exception cref="Abstractions.AuditException">A gradient is not finite.</exception>
    IBatchGradients Differentiate(NoisyBatch batch);
}

/// <summary>The gradients of each sample of one batch, under each output function.</summary>
internal interface IBatchGradients : IDisposable
{
    /// <summary>(1/d)·‖ε̂ − y‖² of each row.</summary>
    double[] SquaredErrors { get; }

    /// <summary>‖g‖ of each output function and row, over all attributed parameters.</summary>
    double[][] Norms { get; }

    /// <summary>
    /// vᵀỹ = ⟨Jᵀv, θ⟩ + vᵀ(y − ε̂) of each output function and row, θ the attributed parameters; null for a function
    /// without <see cref="Outputs.IOutputFunction.HasTangentTarget"/>.
    /// </summary>
    double[]?[] TangentTargets { get; }

    /// <summary>Adds Σ_b w_b·g_b of an output function.</summary>
    /// <param name="function">Which, by its position.</param>
    /// <param name="weights">w, one a row; rows of weight zero are passed over.</param>
    /// <param name="sum">Where to; length p.</param>
    void AddWeightedSum(int function, float[] weights, float[] sum);
}
