using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;
using MathNet.Numerics.Distributions;

namespace DasAudit.Core.Audits;

/// <summary>
/// Each group's part of all scores: Σ_{i∈C} w_i/Σ_i w_i with w_i = max(0, τ_i), τ the score of a candidate. Shares sum
/// to 1, and a group that splits has the same share as its parts together, however it splits.
/// <para>
/// Nothing but a sum of parts that are no less than 0 keeps that promise. The length √T(C) of the change that a group's
/// pictures make together (<see cref="Attribution.Sets.SetInfluence"/>) is less than the sum of its parts' lengths, so
/// that five shell companies have more than their owner. The part ⟨S_C, S_all⟩/‖S_all‖² of the change of all, which is
/// the sum of the pictures' Shapley values of T, adds up but has a sign; shares of it would have to be cut at 0, which
/// rewards splitting as well: so would sums of scores with a sign if they were cut for whole groups.
/// </para>
/// <para>
/// What pictures do together is in no share; <see cref="Uncertainty.GroupPermutation"/> takes a group's pictures
/// together and tells it from a random one of its size.
/// </para>
/// </summary>
internal static class GroupShares
{
    /// <summary>
    /// The shares of mean scores. Their 95 % interval is Student's over noise draws, from d_r = (Σ_C τ_ri −
    /// share·Σ τ_ri)/Σ w_i, sums being over candidates whose mean score is positive; cut to [0, 1].
    /// </summary>
    /// <param name="groups">Group of each candidate: of the first rows of the scores.</param>
    /// <returns>Largest share first, then by key; all 0 where no score is positive.</returns>
    public static IReadOnlyList<GroupShare> Compute(IReadOnlyList<string> groups, QueryScores scores)
    {
        var counting = Enumerable.Range(0, groups.Count).Where(i => scores.Mean[i] > 0).ToList();
        var total = counting.Sum(i => scores.Mean[i]);
        var byDraw = Sums(scores, counting);
        return Ordered(
            Members(groups)
                .Select(group =>
                {
                    List<int> members = [.. group.Members.Where(i => scores.Mean[i] > 0)];
                    var share = total > 0 ? members.Sum(i => scores.Mean[i]) / total : 0;
                    var ofGroup = Sums(scores, members);
                    var deviations = ofGroup.Zip(byDraw, (part, all) => total > 0 ? (part - share * all) / total : 0);
                    return WithInterval(group.Key, share, [.. deviations], group.Members.Count);
                })
        );
    }

    /// <summary>The candidates of each group.</summary>
    internal static IReadOnlyList<(string Key, List<int> Members)> Members(IReadOnlyList<string> groups) =>
        [
            .. groups
                .Select((key, index) => (key, index))
                .GroupBy(pair => pair.key, pair => pair.index)
                .Select(group => (group.Key, group.ToList())),
        ];

    /// <summary>A share with Student's 95 % interval, cut to [0, 1].</summary>
    /// <param name="deviations">Of each noise draw from the share; their mean is 0.</param>
    internal static GroupShare WithInterval(string key, double share, double[] deviations, int items)
    {
        var n = deviations.Length;
        if (n < 2)
            return new(key, share, null, null, items);
        var error = Math.Sqrt(deviations.Sum(deviation => deviation * deviation) / (n - 1) / n);
        var half = StudentT.InvCDF(0, 1, n - 1, 0.975) * error;
        return new(key, share, Math.Max(0, share - half), Math.Min(1, share + half), items);
    }

    /// <summary>Largest share first, then by key.</summary>
    internal static IReadOnlyList<GroupShare> Ordered(IEnumerable<GroupShare> shares) =>
        [.. shares.OrderByDescending(share => share.Share).ThenBy(share => share.Key, StringComparer.Ordinal)];

    // In each noise draw.
    private static double[] Sums(QueryScores scores, List<int> pictures) =>
        [.. scores.ByReplicate.Select(values => pictures.Sum(i => values[i]))];
}
