using DasAudit.Core.Numerics;

namespace DasAudit.Core.Projections;

/// <summary>
/// Sparse Johnson–Lindenstrauss transform (a count sketch): coordinate j is added with a random sign to one random
/// bucket; both are a hash of (seed, j), the same on every machine. E‖Pᵀg‖² = ‖g‖², variance 2(‖g‖⁴ − ‖g‖₄⁴)/k. A
/// bucket adds in ascending order, in double: neither vector width nor the call's other gradients can change a bit.
/// </summary>
internal sealed class Sjlt(long seed, int dimension) : IProjection
{
    private readonly SjltHash _hash = new(seed, dimension);

    public int Dimension => dimension;

    public ProjectionPart PartFrom(int start) => new(seed, start, dimension, Offset: 0);

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
