using DasAudit.Core.Numerics;

namespace DasAudit.Core.Projections;

/// <summary>Pᵀg with a dense random matrix of variance 1/k, which is the entries over √k: E‖Pᵀg‖² = ‖g‖².</summary>
internal sealed class DenseProjection(IMatrixEntries entries, int dimension) : IProjection
{
    public int Dimension => dimension;

    public ProjectionPart? PartFrom(int start) => null;

    public float[][] Project(IReadOnlyList<float[]> gradients)
    {
        if (gradients.DistinctBy(gradient => gradient.Length).Count() > 1)
            throw new ArgumentException("Not all of one length.", nameof(gradients));
        return DenseProduct.Of(entries, dimension, gradients);
    }
}
