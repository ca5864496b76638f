namespace DasAudit.Core.Diffusion;

/// <summary>One forward and backward pass over a noised picture.</summary>
/// <param name="Timestep">t.</param>
/// <param name="Replicate">Number of the noise draw, from 0; the same noise for every picture.</param>
internal readonly record struct Pass(int Timestep, int Replicate);
