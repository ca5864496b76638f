using System.Collections.Concurrent;
using DasAudit.Cli.Output;
using DasAudit.Core.Files;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Progress;

/// <summary>Progress for people: a bar for each stage with rate, time left and the stage's note.</summary>
internal sealed class ProgressBars : IProgress<StageProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bar> _bars = [];
    private readonly ProgressContext _context;
    private readonly FactsColumn _facts;
    private readonly TimeProvider _time;

    private ProgressBars(ProgressContext context, FactsColumn facts, TimeProvider time) =>
        (_context, _facts, _time) = (context, facts, time);

    /// <summary>Runs a job below bars. Those of finished stages go, and at the end all: what stays on the screen is the result.</summary>
    public static Task<T> RunAsync<T>(
        IAnsiConsole console,
        TimeProvider time,
        Func<IProgress<StageProgress>, Task<T>> job
    )
    {
        var facts = new FactsColumn();
        return console
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 24 },
                new PercentageColumn(),
                facts
            )
            .StartAsync(context => job(new ProgressBars(context, facts, time)));
    }

    /// <inheritdoc/>
    public void Report(StageProgress value)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var finished = value.Total > 0 && value.Done >= value.Total;
            var begins = !_bars.TryGetValue(value.Stage, out var bar) || (bar.Task.IsFinished && !finished);
            if (begins)
            {
                // What has no known total ends when something else begins.
                foreach (var other in _bars.Values.Where(other => other.Task.IsIndeterminate))
                    End(other.Task);
                _bars[value.Stage] = bar = new(_context.AddTask(Markup.Escape(value.Stage)), value.Done, now);
            }
            var clock = new StageClock(_time.GetElapsedTime(bar!.Start, now), bar.First, value);
            bar.Task.IsIndeterminate = value.Total == 0;
            if (value.Total > 0)
                bar.Task.MaxValue = value.Total;
            bar.Task.Value = value.Done;
            _facts.Of[bar.Task.Id] = Facts(clock, value, finished, _time.GetElapsedTime(bar.Start, now));
            // Later reports are drawn by Spectre's own clock.
            if (begins)
                _context.Refresh();
        }
    }

    private static void End(ProgressTask task)
    {
        task.IsIndeterminate = false;
        task.MaxValue = Math.Max(1, task.Value);
        task.Value = task.MaxValue;
    }

    private static string Facts(StageClock clock, StageProgress value, bool finished, TimeSpan elapsed)
    {
        var facts = new List<string>();
        if (finished)
            facts.Add(Numbers.Duration(elapsed));
        else if (clock.Rate is { } rate)
            facts.Add(Numbers.Rate(rate));
        if (!finished && clock.Left is { } left)
            facts.Add($"{Numbers.Duration(left)} left");
        if (value.Note is { } note)
            facts.Add(note);
        return string.Join(", ", facts);
    }

    private sealed record Bar(ProgressTask Task, long First, long Start);

    private sealed class FactsColumn : ProgressColumn
    {
        public ConcurrentDictionary<int, string> Of { get; } = [];

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Of.GetValueOrDefault(task.Id, ""));
    }
}
