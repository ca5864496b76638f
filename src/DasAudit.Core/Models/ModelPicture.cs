using DasAudit.Core.Pictures;

namespace DasAudit.Core.Models;

/// <summary>A picture as a model takes it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Read">Gives C × H × W values in [−1, 1], channel first; called on a worker thread.</param>
/// <param name="Condition">What it is conditioned on; null for an unconditional model.</param>
public sealed record ModelPicture(string Name, Func<float[]> Read, Condition? Condition = null)
{
    /// <summary>
    /// For a picture that is followed along its sampling: the clean sample to noise at each timestep, in the space that
    /// the network denoises; <see cref="Read"/> is not called then. Null for the picture itself at all of them.
    /// </summary>
    public IReadOnlyList<float[]>? Trajectory { get; init; }

    /// <summary>
    /// The part of the sample that output functions, losses and activations are taken over, on the grid that the
    /// network denoises; null for all of it. Squared errors are always those of the whole.
    /// </summary>
    internal RegionWeights? Region { get; init; }
}
