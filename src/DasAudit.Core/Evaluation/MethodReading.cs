namespace DasAudit.Core.Evaluation;

/// <summary>What was read off the scores of one method.</summary>
/// <param name="Damping">The rule that chose the damping; null for a method without.</param>
/// <param name="OfQueries">One a query.</param>
internal sealed record MethodReading<T>(MethodVariant Variant, string? Damping, IReadOnlyList<T> OfQueries);
