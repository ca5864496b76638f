using System.Globalization;
using DasAudit.Evidence.Document;

namespace DasAudit.Cli.Output;

/// <summary>Numbers as people read them; the same in every locale.</summary>
internal static class Numbers
{
    /// <summary>A count with separators: <c>35 746 307</c>.</summary>
    public static string Count(long count) => count.ToString("#,0", Separated);

    /// <summary>Bytes: <c>1.5 GB</c>, in powers of 1000.</summary>
    public static string Bytes(long bytes) =>
        bytes switch
        {
            >= 999_950_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
            >= 999_950 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        };

    /// <summary>A count with its noun: <c>1 picture</c>, <c>330 pictures</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A rate: <c>12.3/s</c>, or <c>4.5/min</c> for slow things.</summary>
    public static string Rate(double perSecond) =>
        perSecond >= 100 ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0}/s")
        : perSecond >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0}/s")
        : string.Create(CultureInfo.InvariantCulture, $"{perSecond * 60:0.0}/min");

    /// <summary>A duration: <c>3.2 s</c>, <c>1 min 05 s</c>, <c>2 h 07 min</c>.</summary>
    public static string Duration(TimeSpan time) => Figures.Duration(time);

    private static NumberFormatInfo Separated { get; } = new() { NumberGroupSeparator = " " };
}
