namespace DasAudit.Core.Attribution;

/// <summary>Pixels in [−1, 1], of pictures of one size.</summary>
/// <param name="Queries">By query.</param>
/// <param name="Scored">By scored picture.</param>
internal sealed record ComparedPixels(IReadOnlyList<float[]> Queries, IReadOnlyList<float[]> Scored);
