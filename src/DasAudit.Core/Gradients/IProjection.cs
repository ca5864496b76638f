namespace DasAudit.Core.Gradients;

/// <summary>A fixed linear map from p parameters to k features that keeps squared norms in expectation.</summary>
internal interface IProjection
{
    /// <summary>k.</summary>
    int Dimension { get; }

    /// <summary>Writes Pᵀg into <paramref name="feature"/>, replacing what it held.</summary>
    /// <param name="gradient">g, length p.</param>
    /// <param name="feature">Length k.</param>
    void Project(ReadOnlySpan<float> gradient, Span<float> feature);
}

/// <summary>P = I.</summary>
internal sealed class IdentityProjection(int parameters) : IProjection
{
    public int Dimension => parameters;

    public void Project(ReadOnlySpan<float> gradient, Span<float> feature) => gradient.CopyTo(feature);
}
