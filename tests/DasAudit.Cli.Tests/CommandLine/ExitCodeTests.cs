using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.CommandLine;

public sealed class ExitCodeTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task An_expected_failure_is_one_sentence_and_1()
    {
        var outcome = await EndAsync(_ =>
            throw new AuditException("'cat.txt' is no picture; give one.", new InvalidOperationException("secret"))
        );
        Assert.Equal(new Outcome(1, "", "das-audit: 'cat.txt' is no picture; give one.\n"), outcome);
    }

    [Fact]
    public async Task Settings_in_an_expected_failure_are_written_as_options()
    {
        var outcome = await EndAsync(_ =>
            throw new AuditException(
                $"Give {Core.Files.Settings.Name("damping")} or {Core.Files.Settings.Name("part-seed")}."
            )
        );
        Assert.Equal(new Outcome(1, "", "das-audit: Give --damping or --part-seed.\n"), outcome);
    }

    [Fact]
    public async Task Other_words_in_braces_stay_as_they_are()
    {
        var outcome = await EndAsync(_ => throw new AuditException("'cats/{tabby}/{}/{Seed}.png' is no picture."));
        Assert.Equal(new Outcome(1, "", "das-audit: 'cats/{tabby}/{}/{Seed}.png' is no picture.\n"), outcome);
    }

    [Fact]
    public async Task Settings_in_wrong_usage_are_written_as_options()
    {
        var outcome = await EndAsync(_ => throw new UsageException("Give {seed}, not {x}."));
        Assert.StartsWith("das-audit: Give --seed, not {x}.\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cause_of_an_expected_failure_is_shown_to_those_who_ask()
    {
        _tool.Variables["DASAUDIT_TRACE"] = "1";
        var outcome = await EndAsync(_ =>
            throw new AuditException("A sentence.", new InvalidOperationException("the cause"))
        );
        Assert.Contains("the cause", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("das-audit: A sentence.\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_a_sentence_too()
    {
        var outcome = await EndAsync(_ => throw new IOException("No space left on device : '/x'"));
        Assert.Equal(new Outcome(1, "", "das-audit: No space left on device : '/x'\n"), outcome);
    }

    [Fact]
    public async Task A_bug_is_a_stack_trace_and_1()
    {
        var outcome = await EndAsync(_ => throw new InvalidOperationException("impossible"));
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("impossible", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("EndingCommand.RunAsync", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "das-audit: this is a bug; please report it with the lines above.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Wrong_usage_found_by_a_command_is_64_with_a_hint()
    {
        var outcome = await EndAsync(_ => throw new UsageException("--a and --b exclude each other."));
        Assert.Equal(
            new Outcome(
                64,
                "",
                "das-audit: --a and --b exclude each other.\nRun 'dotnet das-audit end --help' for help.\n"
            ),
            outcome
        );
    }

    [Fact]
    public async Task Cancelling_is_130()
    {
        using var source = new CancellationTokenSource();
        var outcome = await EndAsync(
            async cancellation =>
            {
                await source.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellation);
                return 0;
            },
            source.Token
        );
        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal("das-audit: cancelled; nothing half-written was left behind.\n", outcome.Error);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_bug()
    {
        var outcome = await EndAsync(_ => throw new OperationCanceledException());
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("this is a bug", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_a_command_returns_is_the_exit_code(int code) =>
        Assert.Equal(code, (await EndAsync(_ => Task.FromResult(code))).ExitCode);

    [Theory]
    [InlineData(
        "das-audit: 'dotnet das-audit' needs a command: demo, audit, dataset, features, plan, methods, reports, "
            + "policy, replay, keys, store, adapters, evaluate, train, generate, doctor.\n"
            + "Run 'dotnet das-audit --help' for help.\n"
    )]
    [InlineData(
        "das-audit: 'reprots' is no command of 'das-audit'; did you mean 'reports'?\nRun 'dotnet das-audit "
            + "--help' for help.\n",
        "reprots"
    )]
    [InlineData(
        "das-audit: 'dotnet das-audit reports' needs a command: list, show, query, compare, export, payout, "
            + "bundle, sign, prove, verify, serve.\nRun 'dotnet das-audit reports --help' for help.\n",
        "reports"
    )]
    [InlineData(
        "das-audit: '--stor' is no option of 'list'; did you mean '--store'?\nRun 'dotnet das-audit reports "
            + "list --help' for help.\n",
        "reports",
        "list",
        "--stor",
        "x"
    )]
    [InlineData(
        "das-audit: 'list' does not know what to do with 'x'; put quotes around a value with spaces.\nRun "
            + "'dotnet das-audit reports list --help' for help.\n",
        "reports",
        "list",
        "x",
        "y"
    )]
    [InlineData(
        "das-audit: 'show' needs ID.\nRun 'dotnet das-audit reports show --help' for help.\n",
        "reports",
        "show"
    )]
    [InlineData(
        "das-audit: --store needs a value: --store FILE.\nRun 'dotnet das-audit reports list --help' for help.\n",
        "reports",
        "list",
        "--store"
    )]
    public async Task Wrong_usage_is_a_sentence_and_64(string error, params string[] args) =>
        Assert.Equal(new Outcome(64, "", error), await _tool.RunAsync(args));

    private Task<Outcome> EndAsync(EndingCommand.Ending ending, CancellationToken? cancellation = null)
    {
        _tool.Replace = services => services.AddSingleton(ending).AddCommand<EndingCommand>();
        return _tool.RunUntilAsync(cancellation ?? TestContext.Current.CancellationToken, "end");
    }
}
