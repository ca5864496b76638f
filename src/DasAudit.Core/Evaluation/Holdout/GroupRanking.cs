using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>
/// How well shares order groups as leaving them out does. Groups of equal share count as if each order of them were
/// taken equally often, so that equal shares are what order at random is worth.
/// </summary>
internal static class GroupRanking
{
    /// <summary>Of how many groups <see cref="Gain"/> looks.</summary>
    public const int Depth = 3;

    /// <summary>Whether the group of the largest share is the one that mattered most, 0 … 1.</summary>
    public static double Top(double[] truth, double[] shares)
    {
        var largest = shares.Max();
        var first = Enumerable.Range(0, shares.Length).Where(group => shares[group].Equals(largest)).ToList();
        return first.Contains(Array.IndexOf(truth, truth.Max())) ? 1.0 / first.Count : 0;
    }

    /// <summary>
    /// NDCG@3: Σ_k g_k/log₂(k + 1) over the first three groups by share, divided by the most that could be had, with g
    /// the truth less that of the group that mattered least; 1 where all groups mattered alike.
    /// </summary>
    public static double Gain(double[] truth, double[] shares)
    {
        var least = truth.Min();
        double[] gains = [.. truth.Select(value => value - least)];
        var best = Discounted(gains.OrderDescending());
        var ranked = Enumerable
            .Range(0, shares.Length)
            .GroupBy(group => shares[group])
            .OrderByDescending(equal => equal.Key)
            .SelectMany(equal => Enumerable.Repeat(equal.Average(group => gains[group]), equal.Count()));
        return best > 0 ? Discounted(ranked) / best : 1;
    }

    /// <summary>Rank correlation of shares with the truth; 0 where shares are equal.</summary>
    public static double Spearman(double[] truth, double[] shares) => Ranking.Spearman(truth, shares);

    private static double Discounted(IEnumerable<double> gains) =>
        gains.Take(Depth).Select((gain, place) => gain / Math.Log2(place + 2)).Sum();
}
