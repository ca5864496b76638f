using DasAudit.Core.Files;

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
}
