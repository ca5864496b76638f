using DasAudit.Cli.Output;
using DasAudit.Core.Files;

namespace DasAudit.Cli.Progress;

/// <summary>Progress for log files: a line about every ten seconds of each stage, and one at its end.</summary>
internal sealed class ProgressLines(TextWriter writer, TimeProvider time) : IProgress<StageProgress>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stage> _stages = [];

    /// <inheritdoc/>
    public void Report(StageProgress value)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_stages.TryGetValue(value.Stage, out var stage))
                _stages[value.Stage] = stage = new(value.Done, now);
            // A stage that begins anew, such as the next picture's.
            else if (stage.Finished && value.Done < value.Total)
                _stages[value.Stage] = stage = new(value.Done, now);
            else if (stage.Finished)
                return;
            stage.Latest = value;
            stage.Finished = value.Total > 0 && value.Done >= value.Total;
            if (stage.Finished || time.GetElapsedTime(stage.LastLine, now) >= Interval)
                Print(stage, now);
        }
    }

    /// <summary>Says how far the unfinished stages came; of a stage without a known total this is its end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var stage in _stages.Values.Where(stage => !stage.Finished))
                Print(stage, time.GetTimestamp());
        }
    }

    private void Print(Stage stage, long now)
    {
        stage.LastLine = now;
        var value = stage.Latest!;
        var elapsed = time.GetElapsedTime(stage.Start, now);
        var clock = new StageClock(elapsed, stage.First, value);
        var line = value.Total > 0 ? $"{value.Stage}: {value.Done} of {value.Total}" : $"{value.Stage}: {value.Done}";
        var facts = new List<string>();
        if (clock.Rate is { } rate && !stage.Finished)
            facts.Add(Numbers.Rate(rate));
        if (stage.Finished)
            facts.Add(Numbers.Duration(elapsed));
        else if (clock.Left is { } left)
            facts.Add($"{Numbers.Duration(left)} left");
        if (value.Note is { } note)
            facts.Add(note);
        writer.WriteLine(facts.Count == 0 ? line : $"{line} ({string.Join(", ", facts)})");
    }

    private sealed class Stage(long first, long start)
    {
        public long First { get; } = first;

        public long Start { get; } = start;

        public long LastLine { get; set; } = start;

        public StageProgress? Latest { get; set; }

        public bool Finished { get; set; }
    }
}
