using DasAudit.Core.Datasets;

namespace DasAudit.Core.Retraining;

/// <summary>One model to train: on which pictures and from which seed.</summary>
/// <param name="Name">Names its folder; no other job of a study has it.</param>
/// <param name="Pictures">What it is trained on, in the order of the training set; at least one.</param>
/// <param name="Seed">
/// Of weights, order, timesteps and noise: the same for jobs that are compared with each other.
/// </param>
internal sealed record RetrainingJob(string Name, IReadOnlyList<TrainingItem> Pictures, long Seed)
{
    private readonly HashSet<int> _indices = [.. Pictures.Select(item => item.Index)];

    /// <summary>
    /// Whether what the audited model kept on the way is kept of this one too, so that methods can look at it. Default
    /// false.
    /// </summary>
    public bool Keeps { get; init; }

    /// <summary>Whether it is trained on a picture of the set.</summary>
    public bool Sees(TrainingItem item) => _indices.Contains(item.Index);
}
