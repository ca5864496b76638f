using DasAudit.Core.Numerics;

namespace DasAudit.Core.Projections;

/// <summary>
/// Sparse Johnson–Lindenstrauss transform with one non-zero a column (a count sketch): coordinate j is added with a
/// random sign to one random bucket. E‖Pᵀg‖² = ‖g‖², variance 2(‖g‖⁴ − ‖g‖₄⁴)/k. The matrix is never stored: bucket and
/// sign are a hash of (seed, j), the same on every machine. Each bucket adds its coordinates in ascending order, in
/// double, so that neither vector width nor the other gradients of a call can change a bit.
/// </summary>
internal sealed class Sjlt(long seed, int dimension) : IProjection
{
    private readonly SjltHash _hash = new(seed, dimension);

    public int Dimension => dimension;

    public float[][] Project(IReadOnlyList<float[]> gradients)
    {
        var features = new List<float[]>(gradients.Count);
        for (var row = 0; row < gradients.Count; )
        {
            // A pass over eight costs about what three passes over one do.
            var left = gradients.Count - row;
            if (left < 3)
            {
                features.Add(SjltKernel.One(_hash, gradients[row]));
                row++;
                continue;
            }

            // Where eight are not left, the last is taken again and dropped.
            var rows = Enumerable.Range(row, SjltKernel.Together).Select(r => Math.Min(r, gradients.Count - 1));
            features.AddRange(SjltKernel.Eight(_hash, [.. rows.Select(r => gradients[r])]).Take(left));
            row += SjltKernel.Together;
        }

        return [.. features];
    }
}
