using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Files;
using Microsoft.Extensions.Time.Testing;

namespace DasAudit.Cli.Tests.Progress;

public sealed class ProgressReporterTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _tool.Dispose();
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Elsewhere_than_on_a_terminal_progress_is_lines_on_standard_error()
    {
        Assert.Equal(42, await RunAsync(isTerminal: false, quiet: false));
        Assert.Equal("counting: 2 of 2 (0.0 s)\n", _error.ToString());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public async Task On_a_terminal_progress_is_bars_on_standard_error_that_go_at_the_end()
    {
        Assert.Equal(42, await RunAsync(isTerminal: true, quiet: false));
        Assert.Contains("counting", _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h", _error.ToString().TrimEnd('\n'), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Quiet_is_silent(bool isTerminal)
    {
        Assert.Equal(42, await RunAsync(isTerminal, quiet: true));
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_job_throws_comes_out_unchanged(bool isTerminal)
    {
        var error = new InvalidOperationException("boom");
        Assert.Same(
            error,
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                RunAsync(isTerminal, quiet: false, () => throw error)
            )
        );
    }

    [Fact]
    public async Task Bars_survive_unknown_totals_restarts_and_many_threads()
    {
        await RunAsync(
            isTerminal: true,
            quiet: false,
            job: progress =>
            {
                progress.Report(new("a [odd] stage", 0, 0));
                progress.Report(new("a [odd] stage", 5, 0, "note [x"));
                for (var round = 0; round < 3; round++)
                {
                    var done = 0L;
                    Parallel.For(0, 100, _ => progress.Report(new("work", Interlocked.Increment(ref done), 100)));
                }
            }
        );
        Assert.Contains("work", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(
        bool isTerminal,
        bool quiet,
        Action? end = null,
        Action<IProgress<StageProgress>>? job = null
    )
    {
        var terminal = new Terminal(_out, _error) { OutIsTerminal = isTerminal, ErrorIsTerminal = isTerminal };
        var reporter = new ProgressReporter(
            new ToolOutput(terminal, _tool.Surroundings) { Quiet = quiet },
            terminal,
            new FakeTimeProvider()
        );
        return reporter.RunAsync(progress =>
        {
            progress.Report(new("counting", 0, 2));
            progress.Report(new("counting", 1, 2));
            job?.Invoke(progress);
            progress.Report(new("counting", 2, 2));
            end?.Invoke();
            return 42;
        });
    }
}
