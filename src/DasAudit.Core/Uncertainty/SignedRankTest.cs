using MathNet.Numerics.Distributions;

namespace DasAudit.Core.Uncertainty;

/// <summary>
/// Wilcoxon's signed-rank test (1945): whether paired differences lie about 0. Differences of 0 are left out, equal
/// ones share their mean rank.
/// </summary>
internal static class SignedRankTest
{
    private const int MostExact = 50;

    /// <summary>
    /// Two-sided p-value: exact over all signs for up to 50 differences, ties or not; beyond, by the normal
    /// approximation with corrections for ties and continuity. 1 where all differences are 0.
    /// </summary>
    public static double PValue(IEnumerable<double> differences)
    {
        double[] values = [.. differences.Where(value => value != 0).OrderBy(Math.Abs)];
        if (values.Length == 0)
            return 1;
        var ranks = DoubledRanks(values);
        var positive = values.Zip(ranks).Where(pair => pair.First > 0).Sum(pair => pair.Second);
        return values.Length <= MostExact ? Exact(ranks, positive) : Approximate(ranks, positive);
    }

    // Mean ranks are halves.
    private static int[] DoubledRanks(double[] ordered)
    {
        var ranks = new int[ordered.Length];
        for (var start = 0; start < ordered.Length; )
        {
            var end = start + 1;
            while (end < ordered.Length && Math.Abs(ordered[end]).Equals(Math.Abs(ordered[start])))
                end++;
            Array.Fill(ranks, start + end + 1, start, end - start);
            start = end;
        }
        return ranks;
    }

    // The part of all 2ⁿ choices of signs whose sum lies as far out.
    private static double Exact(int[] ranks, int positive)
    {
        var total = ranks.Sum();
        var ways = new double[total + 1];
        ways[0] = 1;
        foreach (var rank in ranks)
            for (var sum = total; sum >= rank; sum--)
                ways[sum] += ways[sum - rank];
        var tail = ways.Take(Math.Min(positive, total - positive) + 1).Sum();
        return Math.Min(1, 2 * tail / Math.Pow(2, ranks.Length));
    }

    // The sum of positive ranks has the mean Σ rank/2 and the variance Σ rank²/4; ranks are doubled here.
    private static double Approximate(int[] ranks, int positive)
    {
        var signed = Math.Abs(positive - ranks.Sum() / 2.0) / 2;
        var deviation = Math.Sqrt(ranks.Sum(rank => (double)rank * rank)) / 4;
        return Math.Min(1, 2 * Normal.CDF(0, deviation, -Math.Max(0, signed - 0.5)));
    }
}
