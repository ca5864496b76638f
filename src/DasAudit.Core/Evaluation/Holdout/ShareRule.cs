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
        Of("sum", _ => true, Sums),
        Of("positive", _ => true, Positive),
        Of("helping", _ => true, Helping),
        Of("length", HasChanges, (scores, set) => [.. Squares(scores, set).Select(Math.Sqrt)]),
        Of("square", HasChanges, Squares),
        Of("along", HasChanges, Along),
        Of("lengths", scores => scores.Inner is not null, Lengths),
    ];

    private static ShareRule Of(
        string name,
        Func<QueryScores, bool> isFor,
        Func<QueryScores, IReadOnlyList<int>, IReadOnlyList<double>> influence
    ) =>
        new(
            name,
            isFor,
            (groups, scores) =>
                GroupShares.Of(groups, set => [.. influence(scores, set).Select(value => Math.Max(0, value))])
        );

    private static bool HasChanges(QueryScores scores) => !scores.AddsUp;

    // Σ τ of the group.
    private static double[] Sums(QueryScores scores, IReadOnlyList<int> set) =>
        [.. scores.ByReplicate.Select(values => set.Sum(i => values[i]))];

    // Σ max(0, τ).
    private static double[] Positive(QueryScores scores, IReadOnlyList<int> set) =>
        [.. scores.ByReplicate.Select(values => set.Sum(i => Math.Max(0, values[i])))];

    // Σ τ of the pictures whose mean over draws is positive.
    private static double[] Helping(QueryScores scores, IReadOnlyList<int> set) =>
        [.. scores.ByReplicate.Select(values => set.Where(i => scores.Mean[i] > 0).Sum(i => values[i]))];

    // T, the square of the change that all make together.
    private static double[] Squares(QueryScores scores, IReadOnlyList<int> set) =>
        [.. SetInfluence.ByReplicate(scores, [.. set]).Select(value => Math.Max(0, value))];

    // ⟨S_C, S_all⟩: the part of the change of all that the group makes.
    private static double[] Along(QueryScores scores, IReadOnlyList<int> set) =>
        [
            .. scores.Inner!.Zip(
                scores.Partners ?? scores.Inner!,
                (draw, partners) => draw.Zip(partners, (s, t) => set.Sum(i => s[i]) * t.Sum()).Average()
            ),
        ];

    // Σ √τ: the lengths of the changes that each makes alone.
    private static double[] Lengths(QueryScores scores, IReadOnlyList<int> set) =>
        [.. scores.ByReplicate.Select(values => set.Sum(i => Math.Sqrt(Math.Max(0, values[i]))))];
}
