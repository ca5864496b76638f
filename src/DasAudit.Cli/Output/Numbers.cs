using System.Globalization;

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
            >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
            >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        };

    /// <summary>A count with its noun: <c>1 picture</c>, <c>330 pictures</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static NumberFormatInfo Separated { get; } = new() { NumberGroupSeparator = " " };
}
