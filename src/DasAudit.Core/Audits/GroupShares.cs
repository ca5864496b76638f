using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using MathNet.Numerics.Distributions;

namespace DasAudit.Core.Audits;

/// <summary>
/// Each group's part of the influence of all groups. Where scores are squares of a change, changes are what adds up:
/// the part is √T(C)/Σ_C' √T(C'), with T the <see cref="SetInfluence"/> of a group's candidates taken together, so that
/// √T is the length of the change were the whole group gone. Where scores add up themselves it is T(C)/Σ_C' T(C'), or 0
/// for a group that works against the query on balance. Shares sum to 1.
/// <para>
/// Parts of the squares T would give nearly everything to the largest group: one that moves the output twice as far
/// would count four times. Pictures that pull in opposite directions cancel, so that a group can have a smaller share
/// than one of its pictures alone would. A part of T(all) instead, ⟨S_C, S_all⟩/‖S_all‖², would add up over groupings
/// but have a sign, and means nothing where groups cancel each other. What two groups do together is in no share:
/// shares of different groupings cannot be added up. In large groups noise adds up too; <see cref="GroupPermutation"/>
/// tells a group from a random one of its size.
/// </para>
/// </summary>
internal static class GroupShares
{
    /// <summary>The shares of a report.</summary>
    /// <param name="groups">Group of each candidate: of the first rows of the scores.</param>
    /// <returns>Largest share first, then by key.</returns>
    public static IReadOnlyList<GroupShare> Compute(IReadOnlyList<string> groups, QueryScores scores) =>
        Of(
            groups,
            members =>
                [.. SetInfluence.ByReplicate(scores, members).Select(value => Length(scores, Math.Max(0, value)))]
        );

    /// <summary>
    /// Parts of any influence: means over noise draws of the part in each draw, with the 95 % Student interval of that
    /// mean, cut to [0, 1]. A draw in which no group has influence says nothing and is left out.
    /// </summary>
    /// <param name="groups">Group of each candidate.</param>
    /// <param name="influence">Of some candidates in each noise draw, at least 0.</param>
    /// <returns>Largest share first, then by key.</returns>
    internal static IReadOnlyList<GroupShare> Of(
        IReadOnlyList<string> groups,
        Func<IReadOnlyList<int>, IReadOnlyList<double>> influence
    )
    {
        var sets = groups
            .Select((key, index) => (key, index))
            .GroupBy(pair => pair.key, pair => pair.index)
            .Select(set => (set.Key, Members: set.ToList()))
            .ToList();
        var influences = sets.ConvertAll(set => influence(set.Members));
        var telling = Enumerable
            .Range(0, influences[0].Count)
            .Select(r => (Draw: r, Total: influences.Sum(values => values[r])))
            .Where(draw => draw.Total > 0)
            .ToList();
        return
        [
            .. sets.Select(
                    (set, s) =>
                        Share(
                            set.Key,
                            set.Members.Count,
                            [.. telling.Select(draw => influences[s][draw.Draw] / draw.Total)]
                        )
                )
                .OrderByDescending(share => share.Share)
                .ThenBy(share => share.Key, StringComparer.Ordinal),
        ];
    }

    private static double Length(QueryScores scores, double influence) =>
        scores.AddsUp ? influence : Math.Sqrt(influence);

    private static GroupShare Share(string key, int items, double[] parts)
    {
        var mean = parts.DefaultIfEmpty().Average();
        if (parts.Length < 2)
            return new(key, mean, null, null, items);
        var error = Math.Sqrt(parts.Sum(part => (part - mean) * (part - mean)) / (parts.Length - 1) / parts.Length);
        var half = StudentT.InvCDF(0, 1, parts.Length - 1, 0.975) * error;
        return new(key, mean, Math.Max(0, mean - half), Math.Min(1, mean + half), items);
    }
}
