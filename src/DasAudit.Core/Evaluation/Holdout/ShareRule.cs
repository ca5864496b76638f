using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>A way to make shares of scores.</summary>
/// <param name="Name">In tables; null for that of reports.</param>
/// <param name="IsFor">Whether scores have what it needs.</param>
/// <param name="Shares">From the group of each candidate and the scores.</param>
internal sealed record ShareRule(
    string? Name,
    Func<QueryScores, bool> IsFor,
    Func<IReadOnlyList<string>, QueryScores, IReadOnlyList<GroupShare>> Shares
)
{
    /// <summary>That of reports.</summary>
    public static ShareRule Reported { get; } = new(null, _ => true, GroupShares.Compute);

    /// <summary>Others, to be measured beside it.</summary>
    public static IReadOnlyList<ShareRule> Others { get; } =
    [
        Of("length of the sum", scores => !scores.AddsUp, Length),
        Of("sum of lengths", scores => scores.Inner is not null, Lengths),
        Of("along the sum", scores => !scores.AddsUp, Along),
        Of("net sum", scores => scores.Mean.Any(score => score < 0), NetSum),
    ];

    private static ShareRule Of(
        string name,
        Func<QueryScores, bool> isFor,
        Func<QueryScores, IReadOnlyList<int>, IEnumerable<double>> influence
    ) => new(name, isFor, (groups, scores) => PartsByDraw(groups, members => influence(scores, members)));

    // Means over noise draws of the part in each draw; what is below 0 counts as 0. A draw in which no group has
    // influence says nothing.
    private static IReadOnlyList<GroupShare> PartsByDraw(
        IReadOnlyList<string> groups,
        Func<IReadOnlyList<int>, IEnumerable<double>> influence
    )
    {
        var sets = GroupShares.Members(groups);
        double[][] influences =
        [
            .. sets.Select(set => influence(set.Members).Select(value => Math.Max(0, value)).ToArray()),
        ];
        var totals = Enumerable.Range(0, influences[0].Length).Select(r => influences.Sum(values => values[r]));
        var telling = totals.Index().Where(total => total.Item > 0).ToList();
        return GroupShares.Ordered(
            sets.Select(
                (set, s) =>
                {
                    double[] parts = [.. telling.Select(total => influences[s][total.Index] / total.Item)];
                    var share = parts.DefaultIfEmpty().Average();
                    return GroupShares.WithInterval(
                        set.Key,
                        share,
                        [.. parts.Select(part => part - share)],
                        set.Members.Count
                    );
                }
            )
        );
    }

    // √T, of the change that all make together.
    private static IEnumerable<double> Length(QueryScores scores, IReadOnlyList<int> set) =>
        SetInfluence.ByReplicate(scores, [.. set]).Select(value => Math.Sqrt(Math.Max(0, value)));

    // Of the changes that each makes alone.
    private static IEnumerable<double> Lengths(QueryScores scores, IReadOnlyList<int> set) =>
        scores.ByReplicate.Select(values => set.Sum(i => Math.Sqrt(Math.Max(0, values[i]))));

    // ⟨S_C, S_all⟩: the sum of the Shapley values of T.
    private static IEnumerable<double> Along(QueryScores scores, IReadOnlyList<int> set) =>
        scores.Inner!.Zip(
            scores.Partners ?? scores.Inner!,
            (draw, partners) => draw.Zip(partners, (s, t) => set.Sum(i => s[i]) * t.Sum()).Average()
        );

    // With scores below 0 taken off.
    private static IEnumerable<double> NetSum(QueryScores scores, IReadOnlyList<int> set) =>
        scores.ByReplicate.Select(values => set.Sum(i => values[i]));
}
