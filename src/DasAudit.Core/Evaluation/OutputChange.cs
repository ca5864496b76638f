namespace DasAudit.Core.Evaluation;

/// <summary>How far a model's noise prediction is from another's.</summary>
internal static class OutputChange
{
    /// <summary>
    /// The mean over timesteps of ‖ε − ε′‖/√d, the root of the mean square over values and noise draws at each.
    /// </summary>
    /// <param name="changes">Of one query, by timestep; see <see cref="Retraining.QueryErrors.Changes"/>.</param>
    public static double Of(IReadOnlyList<double> changes) => changes.Average(Math.Sqrt);
}
