namespace DasAudit.Core.Gradients;

/// <summary>
/// Sparse Johnson–Lindenstrauss transform with one non-zero a column (a count sketch): coordinate j is added with a random sign to one
/// random bucket. E‖Pᵀg‖² = ‖g‖², variance 2(‖g‖⁴ − ‖g‖₄⁴)/k. The matrix is never stored: bucket and sign are a hash of (seed, j), the
/// same on every machine.
/// </summary>
internal sealed class Sjlt(long seed, int dimension) : IProjection
{
    private readonly ulong _key = Mix((ulong)seed ^ 0x5A17_0000_0000_0001);

    public int Dimension => dimension;

    public void Project(ReadOnlySpan<float> gradient, Span<float> feature)
    {
        // Buckets gather sums of hundreds of terms: double keeps the order of addition from mattering.
        var sums = new double[dimension];
        for (var j = 0; j < gradient.Length; j++)
        {
            var hash = Mix(_key + (ulong)j * 0x9E3779B97F4A7C15);
            var bucket = (int)(((hash >> 32) * (ulong)dimension) >> 32);
            sums[bucket] += (hash & 1) == 0 ? gradient[j] : -gradient[j];
        }

        for (var b = 0; b < dimension; b++) feature[b] = (float)sums[b];
    }

    // SplitMix64's finaliser (Steele, Lea and Flood, 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
