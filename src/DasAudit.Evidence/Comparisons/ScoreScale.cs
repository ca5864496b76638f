using System.Globalization;

namespace DasAudit.Evidence.Comparisons;

/// <summary>How far scores of one method are apart in two reports, in parts of the largest stored one.</summary>
/// <param name="stored">The listed scores of the stored report, by falling score.</param>
/// <param name="replayed">Those of the other.</param>
internal sealed class ScoreScale(IReadOnlyList<double> stored, IReadOnlyList<double> replayed)
{
    private readonly double _largest = stored.Select(Math.Abs).DefaultIfEmpty(0).Max();

    /// <summary>A score in every digit.</summary>
    internal static string Number(double score) => score.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// Compares the scores of a picture. One that only one report lists may have changed places with the last of the
    /// other.
    /// </summary>
    /// <param name="a">In the stored report; null where it does not list the picture.</param>
    /// <param name="b">In the other.</param>
    internal ReplayDifference Compare(string picture, double? a, double? b)
    {
        var distance = Distance(a ?? Last(stored), b ?? Last(replayed));
        return new("score", picture, Text(a), Text(b), distance);
    }

    private double Distance(double a, double b) =>
        a.Equals(b) ? 0
        : _largest > 0 ? Math.Abs(a - b) / _largest
        : double.PositiveInfinity;

    private static double Last(IReadOnlyList<double> scores) => scores.Count > 0 ? scores[^1] : double.NaN;

    private static string? Text(double? score) => score is { } number ? Number(number) : null;
}
