namespace DasAudit.Core.Projections;

/// <summary>P = I.</summary>
internal sealed class IdentityProjection(int parameters) : IProjection
{
    public int Dimension => parameters;

    public float[][] Project(IReadOnlyList<float[]> gradients) =>
        [.. gradients.Select(gradient => (float[])gradient.Clone())];
}
