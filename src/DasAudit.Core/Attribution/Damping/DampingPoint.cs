namespace DasAudit.Core.Attribution.Damping;

/// <summary>A point of the damping curve.</summary>
/// <param name="DegreesOfFreedom">df(λ) as a part of the rank of the features, in (0, 1).</param>
/// <param name="Damping">λ, the mean over kernels.</param>
/// <param name="SelfRecall">
/// Mean reciprocal rank of training pictures that are asked for with another noise draw, in (0, 1]: 1 if each finds
/// itself first. Null with a single draw. </param>
/// <param name="SelfRecallStandardError">Its standard error over pictures; null with a single draw.</param>
/// <param name="SplitHalfReliability">
/// Spearman's correlation of the scores from two noise draws, the mean over queries and over pairs of a draw with the
/// next, from −1 to 1. Null with a single draw, without queries, or where scores have no order. </param>
public sealed record DampingPoint(
    double DegreesOfFreedom,
    double Damping,
    double? SelfRecall,
    double? SelfRecallStandardError,
    double? SplitHalfReliability
);
