namespace DasAudit.Core.Projections;

/// <summary>P = I.</summary>
internal sealed class IdentityProjection(int parameters) : IProjection
{
    public int Dimension => parameters;

    public ProjectionPart PartFrom(int start) => new(HashSeed: null, First: 0, Dimension: 0, Offset: start);

    public float[][] Project(IReadOnlyList<float[]> gradients) =>
        [.. gradients.Select(gradient => (float[])gradient.Clone())];
}
