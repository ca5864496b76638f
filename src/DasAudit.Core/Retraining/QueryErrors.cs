namespace DasAudit.Core.Retraining;

/// <summary>What one model makes of some pictures, by timestep; means over noise draws.</summary>
/// <param name="Losses">(1/d)·‖ε̂ − y‖², [picture][timestep].</param>
/// <param name="Changes">
/// (1/d)·‖ε̂ − ε̂₀‖², ε̂₀ the reference model's prediction of the same noised picture; [picture][timestep].
/// </param>
internal sealed record QueryErrors(double[][] Losses, double[][] Changes);
