using System.Globalization;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Comparisons;

/// <summary>A stored report beside the one that running its audit again gave.</summary>
/// <param name="Comparison">A is the stored report, B the other.</param>
/// <param name="Tolerance">
/// How far scores may differ, in parts of the stored report's largest listed score, and shares in parts of the whole.
/// </param>
/// <param name="LargestScoreDifference">Of pictures that both list, in parts of the largest stored score.</param>
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

    /// <summary>What came of it.</summary>
    internal ReplayOutcome Outcome =>
        Comparison.IsSame ? ReplayOutcome.Identical
        : Differences.Count == 0 ? ReplayOutcome.WithinTolerance
        : ReplayOutcome.Different;

    /// <summary>Compares two reports of one audit.</summary>
    internal static ReplayComparison Of(AuditReport stored, AuditReport replayed, double tolerance)
    {
        var comparison = ReportComparison.Of(stored, replayed);
        var largest = Largest(stored);
        var scores = comparison.Ranking.Common.Select(picture => Distance(picture, largest)).DefaultIfEmpty(0).Max();
        var shares = comparison.Groups.Select(Distance).OfType<double>().DefaultIfEmpty(0).Max();
        IEnumerable<ReplayDifference> differences =
        [
            .. comparison.Inputs.Select(input => Member("input", input)),
            .. comparison.Settings.Select(setting => Member("setting", setting)),
            .. comparison.Ranking.Pictures.SelectMany(picture => Pictures(picture, stored, replayed, tolerance)),
            .. comparison.Groups.Select(group => Share(group, tolerance)).OfType<ReplayDifference>(),
        ];
        return new(comparison, tolerance, scores, shares, [.. differences]);
    }

    private static IEnumerable<ReplayDifference> Pictures(
        ComparedPicture picture,
        AuditReport stored,
        AuditReport replayed,
        double tolerance
    )
    {
        var largest = Largest(stored);
        var (a, b) = (picture.A, picture.B);
        // A picture that only one of them lists may have changed places with the last of the other.
        var distance =
            a is not null && b is not null ? Distance(picture, largest)
            : a is not null ? Distance(a.Score, LastScore(replayed), largest)
            : Distance(b!.Score, LastScore(stored), largest);
        if (!(distance <= tolerance))
            yield return new("score", picture.Item, Score(a), Score(b), distance);
        if (a is not null && b is not null && a.Strength != b.Strength)
            yield return new("word", picture.Item, a.Strength?.Name(), b.Strength?.Name(), null);
    }

    private static ReplayDifference? Share(ComparedGroup group, double tolerance)
    {
        var distance = Distance(group);
        return distance <= tolerance ? null : new("share", group.Key, Share(group.A), Share(group.B), distance);
    }

    private static ReplayDifference Member(string what, ReportDifference difference) =>
        new(what, difference.Name, difference.A?.ToJsonString(), difference.B?.ToJsonString(), null);

    private static double Largest(AuditReport report) =>
        report.Attributions.Select(picture => Math.Abs(picture.Score)).DefaultIfEmpty(0).Max();

    private static double LastScore(AuditReport report) =>
        report.Attributions.Count > 0 ? report.Attributions[^1].Score : double.NaN;

    private static double Distance(ComparedPicture picture, double largest) =>
        Distance(picture.A!.Score, picture.B!.Score, largest);

    private static double Distance(double a, double b, double largest) =>
        a.Equals(b) ? 0
        : largest > 0 ? Math.Abs(a - b) / largest
        : double.PositiveInfinity;

    private static double? Distance(ComparedGroup group) =>
        group is { A: { } a, B: { } b } ? Math.Abs(a.Share - b.Share) : null;

    private static string? Score(AttributedPicture? picture) => picture is null ? null : Number(picture.Score);

    private static string? Share(GroupShare? group) => group is null ? null : Number(group.Share);

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
