using System.Globalization;
using System.Text.RegularExpressions;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>Numbers as programs write them; null for anything else.</summary>
internal static partial class GenerationNumbers
{
    public static decimal? Seed(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seed)
        && decimal.IsInteger(seed)
            ? decimal.Truncate(seed)
            : null;

    public static int? Steps(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var steps)
        && decimal.IsInteger(steps)
        && steps is > 0 and <= int.MaxValue
            ? (int)steps
            : null;

    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>Such as <c>512x768</c> or <c>(1024, 1024)</c>.</summary>
    public static (int Width, int Height)? Size(string? text)
    {
        var match = TwoNumbers.Match(text ?? "");
        return match.Success ? Size(match.Groups[1].Value, match.Groups[2].Value) : null;
    }

    public static (int Width, int Height)? Size(string? width, string? height) =>
        Steps(width) is { } columns && Steps(height) is { } rows ? (columns, rows) : null;

    [GeneratedRegex(@"^\(?\s*([0-9]{1,9})\s*[x×,]\s*([0-9]{1,9})\s*\)?$", RegexOptions.CultureInvariant)]
    private static partial Regex TwoNumbers { get; }
}
