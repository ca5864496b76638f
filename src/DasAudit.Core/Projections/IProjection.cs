namespace DasAudit.Core.Projections;

/// <summary>A fixed linear map Pᵀ from p parameters to k features that keeps squared norms in expectation: E‖Pᵀg‖² = ‖g‖².</summary>
internal interface IProjection
{
    /// <summary>k.</summary>
    int Dimension { get; }

    /// <summary>Projects several gradients at once, which is cheaper than one after the other and gives the same bits.</summary>
    /// <param name="gradients">Each of length p.</param>
    /// <returns>Pᵀg of each, new arrays of length k.</returns>
    float[][] Project(IReadOnlyList<float[]> gradients);
}
