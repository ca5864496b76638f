using System.Globalization;

namespace DasAudit.Evidence.Document;

/// <summary>One power of ten for all scores of a table, so that they can be compared at a glance.</summary>
/// <param name="exponent">Scores are shown in units of 10^exponent.</param>
/// <param name="decimals">Digits after the point.</param>
internal sealed class ScoreScale(int exponent, int decimals)
{
    /// <summary>The column's heading: <c>score</c>, or <c>score × 10^-6</c>.</summary>
    internal string Heading =>
        exponent == 0 ? "score" : string.Create(CultureInfo.InvariantCulture, $"score × 10^{exponent}");

    /// <summary>The scale that shows the score farthest from 0 with three digits.</summary>
    internal static ScoreScale For(IEnumerable<double> scores)
    {
        var largest = scores.Select(Math.Abs).DefaultIfEmpty(0).Max();
        if (largest == 0)
            return new(0, 0);
        // Below 10^-300 the power itself leaves the range of a double.
        var exponent = Math.Max(-300, (int)Math.Floor(Math.Log10(largest)));
        return exponent is >= -2 and <= 3 ? new(0, Math.Max(0, 2 - exponent)) : new(exponent, 2);
    }

    /// <summary>A score, with its standard error if there is one: <c>4.18 ± 0.21</c>.</summary>
    internal string Show(double score, double? standardError) =>
        standardError is { } error ? $"{Show(score)} ± {Show(error)}" : Show(score);

    private string Show(double value) =>
        (value / Math.Pow(10, exponent)).ToString("F" + decimals, CultureInfo.InvariantCulture);
}
