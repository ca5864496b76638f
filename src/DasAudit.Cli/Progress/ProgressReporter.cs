using System.Collections.Concurrent;
using DasAudit.Cli.Output;
using DasAudit.Core.Files;

namespace DasAudit.Cli.Progress;

/// <summary>Shows how far a job has come: bars on a terminal, lines elsewhere, nothing with <c>--quiet</c>.</summary>
internal sealed class ProgressReporter(ToolOutput output, Terminal terminal, TimeProvider time)
{
    /// <summary>The job's reporter is quick, any thread may call it; the job's exceptions come out unchanged.</summary>
    public async Task<T> RunAsync<T>(Func<IProgress<StageProgress>, Task<T>> job)
    {
        if (output.Quiet)
            return await job(new Silence()).ConfigureAwait(false);
        if (terminal.ErrorIsTerminal)
            return await ProgressBars
                .RunAsync(output.Messages, time, bars => job(new Notices(bars, output)))
                .ConfigureAwait(false);
        using var lines = new ProgressLines(terminal.Error, time);
        return await job(new Notices(lines, output)).ConfigureAwait(false);
    }

    /// <summary>Runs a job that reports its progress and blocks while it works.</summary>
    public Task<T> RunAsync<T>(Func<IProgress<StageProgress>, T> job) =>
        RunAsync(progress => Task.FromResult(job(progress)));

    /// <summary>Prints notices, each once, and passes stages on.</summary>
    private sealed class Notices(IProgress<StageProgress> stages, ToolOutput output) : IProgress<StageProgress>
    {
        private readonly ConcurrentDictionary<string, bool> _printed = new(StringComparer.Ordinal);

        public void Report(StageProgress value)
        {
            if (value.Notice is not { } sentence)
                stages.Report(value);
            else if (_printed.TryAdd(sentence, true))
                output.Say($"das-audit: {sentence}");
        }
    }

    private sealed class Silence : IProgress<StageProgress>
    {
        public void Report(StageProgress value) { }
    }
}
