namespace DasAudit.Core.Uncertainty;

/// <summary>What the word for a picture rests on.</summary>
/// <param name="Score">Mean over noise draws.</param>
/// <param name="StandardError">Of the score; null with a single noise draw.</param>
/// <param name="TopProbability">See <see cref="Uncertainty.TopProbability"/>; null with a single noise draw.</param>
/// <param name="RankStability">Mean rank correlation between noise draws; null with a single one.</param>
/// <param name="PValue">Against the null pool; null where there is none.</param>
/// <param name="QValue">See <see cref="FalseDiscovery"/>; null where there is no null pool.</param>
/// <param name="Pool">What p and q compare with; null where there is no null pool.</param>
internal sealed record EvidenceFacts(
    double Score,
    double? StandardError,
    double? TopProbability,
    double? RankStability,
    double? PValue,
    double? QValue,
    NullPool? Pool
)
{
    /// <summary>
    /// Whether nothing in the null pool scored as high: p is the smallest that the pool can give. Bins of matched
    /// decoys differ little in size, so less than twice the smallest will do: a picture that one decoy beats has at
    /// least that.
    /// </summary>
    public bool Unbeaten => Pool is not null && PValue < 2 * Pool.MinimumPValue;

    public EvidenceFacts Untested => this with { PValue = null, QValue = null, Pool = null };
}
