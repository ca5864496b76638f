using DasAudit.Cli.Output;
using DasAudit.Core.Files;

namespace DasAudit.Cli.Progress;

/// <summary>How fast a stage goes.</summary>
/// <param name="elapsed">Since its first report.</param>
/// <param name="first">Units done at its first report; a resumed job does not start at 0.</param>
internal readonly struct StageClock(TimeSpan elapsed, long first, StageProgress now)
{
    /// <summary>Whether the stage is through; false if its total is not known.</summary>
    public bool IsFinished => now.Total > 0 && now.Done >= now.Total;

    /// <summary>Units a second; null before anything can be said.</summary>
    public double? Rate =>
        now.Done > first && elapsed > TimeSpan.Zero ? (now.Done - first) / elapsed.TotalSeconds : null;

    /// <summary>Time left at this rate; null if it is not known.</summary>
    public TimeSpan? Left =>
        Rate is { } rate && now.Total > 0 ? TimeSpan.FromSeconds(Math.Max(0, now.Total - now.Done) / rate) : null;

    /// <summary>What is known: <c>12.3/s, 40 s left, note</c>; of a finished stage, how long it took.</summary>
    public string Facts()
    {
        var facts = new List<string>();
        if (IsFinished)
            facts.Add(Numbers.Duration(elapsed));
        else if (Rate is { } rate)
            facts.Add(Numbers.Rate(rate));
        if (!IsFinished && Left is { } left)
            facts.Add($"{Numbers.Duration(left)} left");
        if (now.Note is { } note)
            facts.Add(note);
        return string.Join(", ", facts);
    }
}
