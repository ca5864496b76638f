using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Uncertainty;

internal static class Ranking
{
    /// <summary>The pictures of the highest scores; of equal scores the first.</summary>
    public static int[] Top(IReadOnlyList<double> scores, int top) =>
        [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(top)];

    /// <summary>Spearman's rank correlation, equal scores sharing their mean rank; 0 if a side is constant.</summary>
    public static double Spearman(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        OrZero(Correlation.Spearman(a, b));

    /// <summary>|A ∩ B|/|A ∪ B| of the two top lists; 1 for empty lists.</summary>
    public static double Jaccard(IReadOnlyList<double> a, IReadOnlyList<double> b, int top)
    {
        var first = Top(a, top);
        var second = Top(b, top);
        var common = first.Intersect(second).Count();
        return first.Length == 0 ? 1 : (double)common / (first.Length + second.Length - common);
    }

    /// <summary>
    /// Kendall's τ_b = (C − D)/√((P − T_a)(P − T_b)) of C concordant, D discordant and P all pairs, T tied on a side; 0
    /// if a side is constant. Counts the exchanges of a merge sort (Knight, 1966), O(n log n).
    /// </summary>
    public static double Kendall(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var order = Enumerable.Range(0, a.Count).OrderBy(i => a[i]).ThenBy(i => b[i]).ToArray();
        var pairs = a.Count * (a.Count - 1.0) / 2;
        var tiedA = TiedPairs(a);
        var tiedB = TiedPairs(b);
        var tiedBoth = TiedPairs([.. order.Select(i => (a[i], b[i]))]);
        double[] values = [.. order.Select(i => b[i])];
        var discordant = Exchanges(values, new double[values.Length]);
        var scale = Math.Sqrt((pairs - tiedA) * (pairs - tiedB));
        return scale > 0 ? (pairs - tiedA - tiedB + tiedBoth - 2 * discordant) / scale : 0;
    }

    private static double OrZero(double correlation) => double.IsFinite(correlation) ? correlation : 0;

    private static double TiedPairs<T>(IReadOnlyList<T> values)
        where T : notnull => values.CountBy(value => value).Sum(group => group.Value * (group.Value - 1.0) / 2);

    private static double Exchanges(Span<double> values, Span<double> buffer)
    {
        if (values.Length < 2)
            return 0;
        var middle = values.Length / 2;
        var count = Exchanges(values[..middle], buffer[..middle]) + Exchanges(values[middle..], buffer[middle..]);
        var left = 0;
        var right = middle;
        for (var i = 0; i < values.Length; i++)
        {
            if (right < values.Length && (left == middle || values[right] < values[left]))
            {
                count += middle - left;
                buffer[i] = values[right++];
            }
            else
            {
                buffer[i] = values[left++];
            }
        }

        buffer.CopyTo(values);
        return count;
    }
}
