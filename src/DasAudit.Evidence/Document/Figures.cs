using System.Globalization;
using System.Text;

namespace DasAudit.Evidence.Document;

/// <summary>Numbers as people read them. Always the same whatever the machine's culture.</summary>
internal static class Figures
{
    private const string SuperscriptDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private const char Space = '\u00A0';

    /// <summary>
    /// Three significant digits, the error in the same power of ten: <c>(4.18 ± 0.21) × 10⁻⁶</c>, <c>7.74 ± 1.13</c>.
    /// </summary>
    internal static string Score(double score, double? standardError)
    {
        var exponent = Exponent(score != 0 ? score : standardError ?? 0);
        var mantissa = Mantissa(score, exponent);
        if (standardError is null && score == 0)
            return "0";
        var value = standardError is { } error ? $"{mantissa}{Space}±{Space}{Mantissa(error, exponent)}" : mantissa;
        if (exponent == 0)
            return value;
        var factor = standardError is null ? value : $"({value})";
        return $"{factor}{Space}×{Space}10{Superscript(exponent)}";
    }

    /// <summary>A share, 0 … 1, as <c>62 %</c>; one decimal below one per cent.</summary>
    internal static string Percent(double share) => PercentNumber(share) + $"{Space}%";

    /// <summary>Two shares as <c>55–69 %</c>.</summary>
    internal static string PercentRange(double low, double high) =>
        $"{PercentNumber(low)}–{PercentNumber(high)}{Space}%";

    /// <summary>With thousands apart: <c>1 234 567</c>.</summary>
    internal static string Count(long value) => value.ToString("#,0", Grouped);

    /// <summary>A count with its noun: <c>1 picture</c>, <c>330 pictures</c>.</summary>
    internal static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>A cosine: <c>0.95</c>, <c>−0.10</c>.</summary>
    internal static string Cosine(double value) => Minus(value.ToString("0.00", CultureInfo.InvariantCulture));

    /// <summary>A p- or q-value, two significant digits: <c>0.032</c>, <c>1</c>, <c>&lt;0.0001</c>.</summary>
    internal static string Probability(double value) =>
        value is > 0 and < 0.0001
            ? "<0.0001"
            : double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                .ToString("0.#####", CultureInfo.InvariantCulture);

    /// <summary>Seconds: <c>9.81 s</c>.</summary>
    internal static string Seconds(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + $"{Space}s";

    /// <summary>A time: <c>3.2 s</c>, <c>1 min 05 s</c>, <c>2 h 07 min</c>.</summary>
    internal static string Duration(TimeSpan time)
    {
        if (time.TotalSeconds < 9.95)
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
        if (time.TotalSeconds < 59.5)
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
        var whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return whole.TotalHours < 1
            ? $"{whole.Minutes} min {whole.Seconds:00} s"
            : $"{(int)whole.TotalHours} h {whole.Minutes:00} min";
    }

    /// <summary>A number as it stands in the JSON form.</summary>
    internal static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A moment: <c>14 March 2026, 09:26 UTC</c>.</summary>
    internal static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static NumberFormatInfo Grouped { get; } = new() { NumberGroupSeparator = "\u202F", NegativeSign = "−" };

    private static string PercentNumber(double share)
    {
        var percent = 100 * share;
        return percent is > 0 and < 0.1
            ? "<0.1"
            : percent.ToString(percent is > 0 and < 0.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
    }

    private static int Exponent(double value) =>
        value == 0
            ? 0
            : int.Parse(value.ToString("E2", CultureInfo.InvariantCulture)[^4..], CultureInfo.InvariantCulture);

    private static string Mantissa(double value, int exponent)
    {
        // By decimal text, not by a power of ten: 10^-320 is no double.
        var digits = value.ToString("E16", CultureInfo.InvariantCulture);
        var shifted = double.Parse(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{digits[..^5]}E{int.Parse(digits[^4..], CultureInfo.InvariantCulture) - exponent}"
            ),
            CultureInfo.InvariantCulture
        );
        return Minus(shifted.ToString("0.00", CultureInfo.InvariantCulture));
    }

    private static string Superscript(int exponent)
    {
        var text = new StringBuilder(exponent < 0 ? "⁻" : "");
        foreach (var digit in Math.Abs(exponent).ToString(CultureInfo.InvariantCulture))
            text.Append(SuperscriptDigits[digit - '0']);
        return text.ToString();
    }

    private static string Minus(string number) => number.Replace('-', '−');
}
