using System.Globalization;
using System.Numerics;

namespace DasAudit.Core.Files;

/// <summary>
/// Numbers as ECMAScript writes them (ECMA-262, <c>Number::toString</c>), which RFC 8785 asks for: the fewest digits
/// that read back to the same double.
/// </summary>
internal static class EcmaScriptNumber
{
    // The decimal point stands within the digits or beside zeros from 1e-6 to below 1e21; beyond, there is an exponent.
    private const int LargestPlain = 21;
    private const int SmallestPlain = -6;

    // Integers of fewer digits are doubles.
    private const int SafeDigits = 16;

    /// <summary>Writes a double; both zeros are <c>0</c>.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"JSON has no number {value}.", nameof(value));
        if (value == 0)
            return "0";
        var sign = value < 0 ? "-" : "";
        var (digits, point) = Shortest(Math.Abs(value));
        return sign + Place(digits, point);
    }

    /// <summary>
    /// Writes a number of JSON. An integer that no double holds keeps its digits, so that no two integers are written
    /// alike; RFC 8785 does not say how to write those.
    /// </summary>
    /// <exception cref="FormatException">It is beyond the doubles.</exception>
    public static string Format(string json)
    {
        var value = double.Parse(json, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
            throw new FormatException($"The number {json} is too large.");
        var isInteger = json.AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        return isInteger && json.Length >= SafeDigits && BigInteger.Parse(json) != new BigInteger(value)
            ? json
            : Format(value);
    }

    /// <summary>The digits, and where the decimal point stands: 0.DIGITS times 10 to the power of it.</summary>
    private static (string Digits, int Point) Shortest(double value)
    {
        // .NET's "E16" would have 17 digits; "R" has the fewest, in one of two forms: 0.00012 or 1.2E-05.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent =
            exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), provider: CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (pointAt < 0 ? mantissa.Length : pointAt) + exponent;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), point - (all.Length - digits.Length));
    }

    private static string Place(string digits, int point)
    {
        var count = digits.Length;
        if (point is > SmallestPlain and <= 0)
            return "0." + new string('0', -point) + digits;
        if (point is > 0 and <= LargestPlain)
            return count <= point ? digits.PadRight(point, '0') : $"{digits[..point]}.{digits[point..]}";
        var fraction = count > 1 ? "." + digits[1..] : "";
        var exponent = point - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{exponent:+0;-0}");
    }
}
