using DasAudit.Core.Attribution;

namespace DasAudit.Core.Evaluation;

/// <summary>A method's scores of all training pictures for all queries.</summary>
/// <param name="Damping">The rule that chose the damping; null for a method without.</param>
/// <param name="ByQuery">[query][training picture].</param>
internal sealed record QueryMethodScores(IAttributionMethod Method, string? Damping, IReadOnlyList<double[]> ByQuery);
