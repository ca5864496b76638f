namespace DasAudit.Core.Attribution.Damping;

/// <summary>A point of the damping curve.</summary>
/// <param name="DegreesOfFreedom">df(λ) as a part of the rank of the features, in (0, 1).</param>
/// <param name="Damping">λ, the mean over kernels.</param>
/// <param name="SelfRecall">Mean reciprocal rank of training pictures asked for with another noise draw, in (0, 1]: 1
/// if each finds itself first. Null with a single draw.</param>
/// <param name="SelfRecallStandardError">Its standard error over pictures; null with a single draw.</param>
/// <param name="SplitHalfReliability">Spearman's correlation, −1 to 1, of scores from a noise draw and the next, mean
/// over queries and pairs of draws. Null with one draw, without queries, or where scores have no order.</param>
public sealed record DampingPoint(
    double DegreesOfFreedom,
    double Damping,
    double? SelfRecall,
    double? SelfRecallStandardError,
    double? SplitHalfReliability
);
