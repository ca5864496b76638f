namespace DasAudit.Core.Projections;

/// <summary>A linear map Pᵀ from p parameters to k features with E‖Pᵀg‖² = ‖g‖².</summary>
internal interface IProjection
{
    /// <summary>k.</summary>
    int Dimension { get; }

    /// <summary>Projects several gradients at once, which is cheaper than one by one and gives the same bits.</summary>
    /// <param name="gradients">Each of length p.</param>
    /// <returns>Pᵀg of each, new arrays of length k.</returns>
    float[][] Project(IReadOnlyList<float[]> gradients);
}
