using DasAudit.Core.Features;
using DasAudit.Core.Models;

namespace DasAudit.Core.Audits;

/// <summary>One way of taking gradients of one checkpoint.</summary>
/// <param name="LearningRate">Learning rate at the checkpoint; 1 where it is not known.</param>
/// <param name="Trajectory">Whether queries are followed along their sampling; the options name its timesteps.</param>
internal sealed record FeatureRun(
    ModelSource Model,
    GradientOptions Options,
    double LearningRate,
    bool Trajectory = false
)
{
    /// <summary>The checkpoint; null for the finished model.</summary>
    public TrainingCheckpoint? Checkpoint { get; init; }
}

/// <summary>The runs of one need at one checkpoint, which share passes and noise.</summary>
/// <param name="Candidates">Over training pictures and decoys.</param>
/// <param name="Queries">Over audited pictures; the same run where both take the same features.</param>
internal sealed record FeatureRunPair(FeatureRun Candidates, FeatureRun Queries);
