using DasAudit.Core.Pictures;

namespace DasAudit.Core.Diffusion;

/// <summary>The way on which a picture was sampled.</summary>
/// <param name="Picture">Where it ended.</param>
/// <param name="Timesteps">The sampler's timesteps, ascending.</param>
/// <param name="Clean">At each, the clean sample that the model predicted there, in the space that it denoises.</param>
public sealed record SamplingTrajectory(Picture Picture, IReadOnlyList<int> Timesteps, IReadOnlyList<float[]> Clean);
