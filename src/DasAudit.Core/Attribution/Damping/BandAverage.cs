using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// Averages scores over a band of λ. Scores shrink as λ grows, so each λ's are divided by their root mean square over
/// the pictures, and the average is multiplied by the geometric mean of these. A z-score, which subtracts the mean too,
/// keeps the order but loses the zero, and with it shares, signs and the influence of sets.
/// </summary>
internal static class BandAverage
{
    /// <summary>
    /// What the scores of each λ, [λ][picture], must be multiplied with. For scores that are squares, apply it to the
    /// vectors that are squared: then sums over sets of pictures are put on one scale too.
    /// </summary>
    public static double[] Factors(IReadOnlyList<double[]> scores)
    {
        var sizes = scores.Select(values => Math.Sqrt(values.Average(value => value * value))).ToArray();
        // Pictures that all have the score 0 have no scale and need none.
        var common = sizes.Any(size => size > 0) ? Math.Exp(sizes.Where(size => size > 0).Average(Math.Log)) : 1;
        return [.. sizes.Select(size => size > 0 ? common / size : 1)];
    }

    /// <summary>Averages means over kernels, each with its band; λ at the same place in each belong together.</summary>
    /// <param name="kernels">[kernel][λ][picture].</param>
    internal static BandScores OfKernels(IReadOnlyList<double[][]> kernels) =>
        Of([.. Enumerable.Range(0, kernels[0].Length).Select(l => Mean([.. kernels.Select(kernel => kernel[l])]))]);

    /// <summary>Averages scores, [λ][picture].</summary>
    public static BandScores Of(IReadOnlyList<double[]> scores)
    {
        var factors = Factors(scores);
        var scaled = scores.Select((values, l) => values.Select(value => value * factors[l]).ToArray()).ToList();
        var mean = Mean(scaled);
        double[] spread =
        [
            .. mean.Select((middle, i) => Math.Sqrt(scaled.Average(values => Math.Pow(values[i] - middle, 2)))),
        ];
        var agreement = scaled.Min(values => Correlation.Spearman(values, mean));
        return new(mean, spread, double.IsNaN(agreement) ? null : agreement);
    }

    private static double[] Mean(List<double[]> scores) =>
        [.. Enumerable.Range(0, scores[0].Length).Select(i => scores.Average(values => values[i]))];
}

/// <summary>Scores over a band of λ.</summary>
/// <param name="Mean">Average of each picture.</param>
/// <param name="Spread">Standard deviation over the band, in the units of <paramref name="Mean"/>.</param>
/// <param name="LeastRankCorrelation">Spearman's correlation, −1 to 1, of the average with the λ that agrees least:
/// near 1, the choice of λ does not matter. Null where the scores have no order.</param>
internal sealed record BandScores(double[] Mean, double[] Spread, double? LeastRankCorrelation);
