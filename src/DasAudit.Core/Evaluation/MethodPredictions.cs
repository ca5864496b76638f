namespace DasAudit.Core.Evaluation;

/// <summary>What a method predicts.</summary>
/// <param name="Damping">The rule that chose the damping; null for a method without.</param>
/// <param name="OfParts">[query][part]; the larger, the more of the query is left.</param>
internal sealed record MethodPredictions(MethodVariant Variant, string? Damping, IReadOnlyList<double[]> OfParts);
