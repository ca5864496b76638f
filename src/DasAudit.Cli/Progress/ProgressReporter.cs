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
            return await ProgressBars.RunAsync(output.Messages, time, job).ConfigureAwait(false);
        using var lines = new ProgressLines(terminal.Error, time);
        return await job(lines).ConfigureAwait(false);
    }

    /// <summary>Runs a job that reports its progress and blocks while it works.</summary>
    public Task<T> RunAsync<T>(Func<IProgress<StageProgress>, T> job) =>
        RunAsync(progress => Task.FromResult(job(progress)));

    private sealed class Silence : IProgress<StageProgress>
    {
        public void Report(StageProgress value) { }
    }
}
