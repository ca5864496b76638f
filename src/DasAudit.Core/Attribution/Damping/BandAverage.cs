using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// Averages scores over a band of λ. Scores shrink as λ grows, so each λ's are first divided by their root mean square over the rows, and the
/// average is multiplied by the geometric mean of these. Subtracting the mean as well, a z-score, would add the same number to every row:
/// it would not change the order, but scores would lose their zero, and with it shares, signs and the influence of sets.
/// </summary>
public static class BandAverage
{
    /// <summary>
    /// What the scores of each λ must be multiplied with. For scores that are squares, apply it to the vectors that are squared: then sums over sets of rows
    /// are put on one scale too.
    /// </summary>
    /// <param name="scores">Scores of each λ, one number a row.</param>
    public static double[] Factors(IReadOnlyList<double[]> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var sizes = scores.Select(own => Math.Sqrt(own.Average(value => value * value))).ToArray();
        // Rows that all have the score 0 have no scale and need none.
        var common = sizes.Any(size => size > 0) ? Math.Exp(sizes.Where(size => size > 0).Average(Math.Log)) : 1;
        return [.. sizes.Select(size => size > 0 ? common / size : 1)];
    }

    /// <summary>Averages.</summary>
    /// <param name="scores">Scores of each λ, one number a row.</param>
    public static BandScores Of(IReadOnlyList<double[]> scores)
    {
        var factors = Factors(scores);
        var scaled = scores.Select((own, l) => own.Select(value => value * factors[l]).ToArray()).ToList();
        double[] mean = [.. Enumerable.Range(0, scores[0].Length).Select(i => scaled.Average(own => own[i]))];
        double[] spread =
        [
            .. mean.Select((middle, i) => Math.Sqrt(scaled.Average(own => Math.Pow(own[i] - middle, 2)))),
        ];
        var agreement = scaled.Min(own => Correlation.Spearman(own, mean));
        return new(mean, spread, double.IsNaN(agreement) ? null : agreement);
    }
}

/// <summary>Scores over a band of λ.</summary>
/// <param name="Mean">Average of each row.</param>
/// <param name="Spread">Standard deviation of each row over the band, in the units of <paramref name="Mean"/>.</param>
/// <param name="LeastRankCorrelation">
/// Spearman's correlation of the average with the λ that agrees least, from −1 to 1: near 1, the choice of λ does not matter. Null where the scores have no order.
/// </param>
public sealed record BandScores(double[] Mean, double[] Spread, double? LeastRankCorrelation);
