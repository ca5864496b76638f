using System.Globalization;
using DasAudit.Core.Files;
using DasAudit.Evidence.Document;

namespace DasAudit.Cli.Progress;

/// <summary>How fast a stage goes.</summary>
/// <param name="elapsed">Since its first report.</param>
/// <param name="first">Units done at its first report; a resumed job does not start at 0.</param>
/// <param name="now">Its latest report.</param>
internal readonly struct StageClock(TimeSpan elapsed, long first, StageProgress now)
{
    /// <summary>Units a second; null before anything can be said.</summary>
    public double? Rate =>
        now.Done > first && elapsed > TimeSpan.Zero ? (now.Done - first) / elapsed.TotalSeconds : null;

    /// <summary>Time left at this rate; null if it is not known.</summary>
    public TimeSpan? Left =>
        Rate is { } rate && now.Total > 0 ? TimeSpan.FromSeconds(Math.Max(0, now.Total - now.Done) / rate) : null;

    /// <summary>A rate as people say it: <c>12.3/s</c>, or <c>4.5/min</c> for slow things.</summary>
    public static string Words(double rate) =>
        rate >= 100 ? string.Create(CultureInfo.InvariantCulture, $"{rate:0}/s")
        : rate >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{rate:0.0}/s")
        : string.Create(CultureInfo.InvariantCulture, $"{rate * 60:0.0}/min");

    /// <summary>A time as people say it: <c>3.2 s</c>, <c>1 min 05 s</c>, <c>2 h 07 min</c>.</summary>
    public static string Words(TimeSpan time) => Figures.Duration(time);
}
