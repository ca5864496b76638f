using System.Globalization;
using System.Text.RegularExpressions;

namespace DasAudit.Cli.Settings;

/// <summary>Sizes as people write them: <c>2GiB</c>, <c>800MB</c>, <c>1.5g</c>.</summary>
internal static partial class ByteSize
{
    /// <summary>Powers of 1024 for KiB … TiB and bare letters, of 1000 for kB … TB; in any case of letters.</summary>
    public static long Read(string text)
    {
        var match = Pattern().Match(text);
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(match.Groups["number"].Value, style, CultureInfo.InvariantCulture, out var number))
        {
            var unit = match.Groups["unit"].Value.ToLowerInvariant();
            var power = "kmgt".IndexOf(unit[0], StringComparison.Ordinal) + 1;
            var bytes = (double)number * Math.Pow(unit is [_, 'b'] ? 1000 : 1024, power);
            if (bytes is >= 1 and < long.MaxValue)
                return (long)bytes;
        }

        throw new FormatException($"takes a size such as 2GiB or 800MiB, not '{text}'.");
    }

    [GeneratedRegex(
        @"^(?<number>[0-9.]+)\s*(?<unit>[kmgt](i?b)?)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
