using System.Globalization;

namespace DasAudit.Cli.Output;

/// <summary>Numbers as people read them; the same in every locale.</summary>
internal static class Numbers
{
    /// <summary>A share as a percentage: <c>62.4 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>Three significant digits: <c>0.0123</c>, <c>12.3</c>, <c>1.23e-7</c>.</summary>
    public static string Short(double value) => value.ToString(Format(value), CultureInfo.InvariantCulture);

    /// <summary>A value with its standard error to the same decimals: <c>0.812 ± 0.034</c>; the value alone without one.</summary>
    public static string WithError(double value, double? error) => error is { } e
        ? $"{Short(value)} ± {e.ToString(Format(value), CultureInfo.InvariantCulture)}"
        : Short(value);

    /// <summary>A count with separators: <c>35 746 307</c>.</summary>
    public static string Count(long count) => count.ToString("#,0", Separated);

    /// <summary>Bytes: <c>1.5 GB</c>, in powers of 1000.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
    };

    /// <summary>A count with its noun: <c>1 picture</c>, <c>330 pictures</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Format(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e-3 and < 1e5 and var size => "F" + Math.Clamp(2 - (int)Math.Floor(Math.Log10(size)), 0, 5),
        _ => "0.00e+0",
    };

    private static NumberFormatInfo Separated { get; } = new() { NumberGroupSeparator = " " };
}
