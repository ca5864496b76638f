using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Gradients;

/// <summary>Takes the gradients of each sample of a batch, of the model it was made with. Not thread-safe.</summary>
internal interface ISampleGradients : IDisposable
{
    /// <summary>Throws if a gradient is not finite. The result is valid until disposed; only one at a time.</summary>
    IBatchGradients Differentiate(NoisyBatch batch);
}

/// <summary>The gradients of each sample of one batch, under each output function.</summary>
internal interface IBatchGradients : IDisposable
{
    /// <summary>(1/d)·‖ε̂ − y‖² of each row.</summary>
    double[] SquaredErrors { get; }

    /// <summary>‖g‖ of each output function and row, over all attributed parameters.</summary>
    double[][] Norms { get; }

    /// <summary>vᵀỹ = ⟨Jᵀv, θ⟩ + vᵀ(y − ε̂) of each output function and row, θ the attributed parameters.</summary>
    /// <remarks>Null for a function without <see cref="Outputs.IOutputFunction.HasTangentTarget"/>.</remarks>
    double[]?[] TangentTargets { get; }

    /// <summary>Adds Σ_b w_b·g_b of an output function to a sum of length p; skips rows of weight zero.</summary>
    void AddWeightedSum(int function, float[] weights, float[] sum);
}
