using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;

namespace DasAudit.Testing;

/// <summary>Scores made of random numbers.</summary>
internal static class Draws
{
    internal static double[] Normal(int seed, int length)
    {
        var values = new float[length];
        new NoiseSource(seed).Normal(new(NoisePurpose.Attribution, 0, 0), values);
        return [.. values.Select(value => (double)value)];
    }

    /// <summary>Scores that are means of squares of the given inner scores, [replicate][b][row].</summary>
    internal static QueryScores Squared(params double[][][] inner) =>
        new([
            .. inner.Select(draw =>
                Enumerable.Range(0, draw[0].Length).Select(i => draw.Average(values => values[i] * values[i])).ToArray()
            ),
        ])
        {
            Inner = inner,
        };

    internal static QueryScores Additive(params double[][] byReplicate) => new(byReplicate);

    /// <summary>Inner scores of independent normal numbers.</summary>
    internal static double[][][] Inner(int seed, int replicates, int directions, int rows) =>
        [
            .. Enumerable
                .Range(0, replicates)
                .Select(r =>
                    Enumerable.Range(0, directions).Select(b => Normal(seed * 1000 + r * 50 + b, rows)).ToArray()
                ),
        ];

    /// <summary>
    /// Largest distance between the distribution of p-values on the grid 1/steps, 2/steps … 1 and the uniform one,
    /// times √n: above 1.95 at a level of 0.001 (Kolmogorov–Smirnov; conservative on a grid).
    /// </summary>
    internal static double KolmogorovSmirnov(IReadOnlyCollection<double> pValues, int steps) =>
        Enumerable
            .Range(1, steps)
            .Max(k => Math.Abs(pValues.Count(p => p <= (k + 0.5) / steps) / (double)pValues.Count - (double)k / steps))
        * Math.Sqrt(pValues.Count);
}
