using MathNet.Numerics.Distributions;

namespace DasAudit.Core.Audits;

/// <summary>Sums scores by group.</summary>
internal static class GroupShares
{
    /// <summary>
    /// Each group's part of the total score: the mean over noise draws of the part in each draw, with the 95 % Student interval of that
    /// mean, cut to [0, 1].
    /// </summary>
    /// <param name="groups">Group of each candidate.</param>
    /// <param name="byReplicate">Scores by noise draw, not negative.</param>
    /// <returns>Largest share first, then by key.</returns>
    public static IReadOnlyList<GroupShare> Compute(IReadOnlyList<string> groups, IReadOnlyList<double[]> byReplicate)
    {
        var members = groups.Select((key, index) => (key, index)).GroupBy(pair => pair.key, pair => pair.index).ToList();
        var totals = byReplicate.Select(scores => scores.Sum()).ToList();
        return [.. members
            .Select(group => Share(group.Key, [.. group], byReplicate, totals))
            .OrderByDescending(share => share.Share).ThenBy(share => share.Key, StringComparer.Ordinal)];
    }

    private static GroupShare Share(string key, int[] members, IReadOnlyList<double[]> byReplicate, List<double> totals)
    {
        var parts = byReplicate.Select((scores, r) => totals[r] == 0 ? 0 : members.Sum(i => scores[i]) / totals[r]).ToArray();
        var mean = parts.Average();
        if (parts.Length < 2) return new(key, mean, null, null, members.Length);
        var error = Math.Sqrt(parts.Sum(part => (part - mean) * (part - mean)) / (parts.Length - 1) / parts.Length);
        var half = StudentT.InvCDF(0, 1, parts.Length - 1, 0.975) * error;
        return new(key, mean, Math.Max(0, mean - half), Math.Min(1, mean + half), members.Length);
    }
}
