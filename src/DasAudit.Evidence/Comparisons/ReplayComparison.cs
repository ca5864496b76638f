using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Comparisons;

/// <summary>A stored report beside the one that running its audit again gave.</summary>
/// <param name="Comparison">A is the stored report, B the other.</param>
/// <param name="Tolerance">
/// How far scores may differ, in parts of the stored report's largest listed score, and shares in parts of the whole.
/// </param>
/// <param name="LargestScoreDifference">
/// In parts of the largest stored score of the same method; of a picture that one of them does not list, from its last.
/// </param>
/// <param name="LargestShareDifference">Of groups that both have.</param>
/// <param name="Differences">What is further apart than the tolerance.</param>
internal sealed record ReplayComparison(
    ReportComparison Comparison,
    double Tolerance,
    double LargestScoreDifference,
    double LargestShareDifference,
    IReadOnlyList<ReplayDifference> Differences
)
{
    /// <summary>The document's schema.</summary>
    internal const string SchemaId = "das-audit/replay/1";

    /// <summary>The tolerance unless another is asked for: what other processors' float32 may change.</summary>
    internal const double UsualTolerance = 1e-3;

    /// <summary>Whether other methods that were run beside the report's own gave the same again.</summary>
    internal required bool OpinionsAreSame { get; init; }

    /// <summary>What came of it.</summary>
    internal ReplayOutcome Outcome =>
        Comparison.IsSame && OpinionsAreSame ? ReplayOutcome.Identical
        : Differences.Count == 0 ? ReplayOutcome.WithinTolerance
        : ReplayOutcome.Different;

    /// <summary>Compares two reports of one audit, with what other methods said beside.</summary>
    internal static ReplayComparison Of(AuditReport stored, AuditReport replayed, double tolerance)
    {
        var comparison = ReportComparison.Of(stored, replayed);
        List<ReplayDifference> scores = [.. Scores(comparison, stored, replayed)];
        List<ReplayDifference> shares = [.. comparison.Groups.Select(group => Share(group)).OfType<ReplayDifference>()];
        foreach (var (first, second) in Opinions(stored, replayed))
        {
            scores.AddRange(Scores(first, second));
            shares.AddRange(Shares(first, second));
        }

        IEnumerable<ReplayDifference> differences =
        [
            .. comparison.Inputs.Select(input => Member("input", input)),
            .. comparison.Settings.Select(setting => Member("setting", setting)),
            .. scores.Where(difference => !(difference.By <= tolerance)),
            .. comparison.Ranking.Common.Select(Word).OfType<ReplayDifference>(),
            .. shares.Where(difference => !(difference.By <= tolerance)),
        ];
        return new(comparison, tolerance, Furthest(scores), Furthest(shares), [.. differences])
        {
            OpinionsAreSame = Opinions(stored, replayed).All(IsSame),
        };
    }

    private static double Furthest(IEnumerable<ReplayDifference> differences) =>
        differences.Select(difference => difference.By).OfType<double>().DefaultIfEmpty(0).Max();

    private static IEnumerable<ReplayDifference> Scores(
        ReportComparison comparison,
        AuditReport stored,
        AuditReport replayed
    )
    {
        var scale = new ScoreScale(
            [.. stored.Attributions.Select(picture => picture.Score)],
            [.. replayed.Attributions.Select(picture => picture.Score)]
        );
        return comparison.Ranking.Pictures.Select(picture =>
            scale.Compare(picture.Item, picture.A?.Score, picture.B?.Score)
        );
    }

    // Methods that were not run again have none; the report's own is the first.
    private static IEnumerable<(ComparedMethod Stored, ComparedMethod Replayed)> Opinions(
        AuditReport stored,
        AuditReport replayed
    ) =>
        (stored.Comparison?.Methods ?? [])
            .Skip(1)
            .Join(
                (replayed.Comparison?.Methods ?? []).Skip(1),
                method => method.Id,
                method => method.Id,
                (first, second) => (first, second)
            );

    private static IEnumerable<ReplayDifference> Scores(ComparedMethod stored, ComparedMethod replayed)
    {
        var scale = new ScoreScale(
            [.. stored.Top.Select(item => item.Score)],
            [.. replayed.Top.Select(item => item.Score)]
        );
        var (first, second) = (ByItem(stored), ByItem(replayed));
        return first
            .Keys.Union(second.Keys, StringComparer.Ordinal)
            .Select(item => scale.Compare($"{item} ({stored.Id})", Find(first, item), Find(second, item)));
    }

    private static IEnumerable<ReplayDifference> Shares(ComparedMethod stored, ComparedMethod replayed) =>
        ComparedGroup
            .Of(stored.Groups ?? [], replayed.Groups ?? [])
            .Select(group => Share(group, $" ({stored.Id})"))
            .OfType<ReplayDifference>();

    private static bool IsSame((ComparedMethod Stored, ComparedMethod Replayed) opinion)
    {
        var (stored, replayed) = opinion;
        return stored.Top.SequenceEqual(replayed.Top) && (stored.Groups ?? []).SequenceEqual(replayed.Groups ?? []);
    }

    // A report that somebody wrote may list a picture twice.
    private static Dictionary<string, double> ByItem(ComparedMethod method) =>
        method
            .Top.DistinctBy(item => item.Item, StringComparer.Ordinal)
            .ToDictionary(item => item.Item, item => item.Score, StringComparer.Ordinal);

    private static double? Find(Dictionary<string, double> scores, string item) =>
        scores.TryGetValue(item, out var score) ? score : null;

    private static ReplayDifference? Word(ComparedPicture picture)
    {
        var (a, b) = (picture.A!.Strength, picture.B!.Strength);
        return a == b ? null : new("word", picture.Item, a?.Name(), b?.Name(), null);
    }

    private static ReplayDifference? Share(ComparedGroup group, string ending = "")
    {
        double? distance = group is { A: { } a, B: { } b } ? Math.Abs(a.Share - b.Share) : null;
        return distance == 0 ? null : new("share", group.Key + ending, Share(group.A), Share(group.B), distance);
    }

    private static ReplayDifference Member(string what, ReportDifference difference) =>
        new(what, difference.Name, difference.A?.ToJsonString(), difference.B?.ToJsonString(), null);

    private static string? Share(GroupShare? group) => group is null ? null : ScoreScale.Number(group.Share);
}
