namespace DasAudit.Core.Gradients;

/// <summary>Takes the gradients of each sample of a batch. Not thread-safe; it works on the model it was made with.</summary>
internal interface ISampleGradients : IDisposable
{
    /// <summary>Adds unit gradients to sums: sums[f][r] += Σ over its rows of g/(‖g‖ + 1e-8)/K (Lin et al., 2025, normalise at each timestep).</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="sums">Where to, for each output function and replicate.</param>
    /// <returns>What was measured on the way.</returns>
    /// <exception cref="Abstractions.AuditException">A gradient is not finite.</exception>
    BatchMeasures AddUnitGradients(NoisyBatch batch, UnitGradientSums sums);
}

/// <summary>What a batch gives beside its gradients.</summary>
/// <param name="SquaredErrors">(1/d)·‖ε̂ − y‖² of each row.</param>
/// <param name="Norms">‖g‖ of each output function and row.</param>
internal sealed record BatchMeasures(double[] SquaredErrors, double[][] Norms);
