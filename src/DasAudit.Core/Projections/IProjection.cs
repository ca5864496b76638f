namespace DasAudit.Core.Projections;

/// <summary>A linear map Pᵀ from p parameters to k features with E‖Pᵀg‖² = ‖g‖².</summary>
internal interface IProjection
{
    int Dimension { get; }

    /// <summary>Pᵀg of each gradient, new arrays; several at once are cheaper and give the same bits.</summary>
    float[][] Project(IReadOnlyList<float[]> gradients);

    /// <summary>Where the coordinates of the parameter go whose first is at a place of the gradient.</summary>
    /// <returns>Null where each coordinate goes to every place.</returns>
    ProjectionPart? PartFrom(int start);
}
