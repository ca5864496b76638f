using System.CommandLine;
using System.CommandLine.Help;
using DasAudit.Abstractions;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.CommandLine;

/// <summary>Parses a command line, runs the command and turns whatever happens into an exit code.</summary>
internal sealed class CommandRunner(
    IServiceProvider provider,
    SettingResolver resolver,
    CommonSettings common,
    ToolOutput output,
    Terminal terminal,
    Surroundings surroundings
)
{
    // How long a command may take to wind up after Ctrl+C before the process is ended for it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The command line, without the program's name.</param>
    /// <param name="cancellation">Cancels it, as Ctrl+C does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        var root = CommandTree.Build(provider);
        SetActions(root);
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
            return Refuse(UsageErrors.Of(parse), parse.CommandResult.Command);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Grace,
            Output = terminal.Out,
            Error = terminal.Error,
        };
        return await parse.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
    }

    private void SetActions(RootCommand root)
    {
        foreach (var option in root.Options)
        {
            if (option is HelpOption help)
                help.Action = new ToolHelp(terminal);
            if (option is VersionOption version)
                version.Action = new VersionAction(terminal);
        }
        SetActions((Command)root);
    }

    private void SetActions(Command command)
    {
        // On a worker thread, because signals are only watched once the action has returned its task.
        if (command is ToolCommand tool)
            tool.SetAction(
                (parse, cancellation) => Task.Run(() => ExecuteAsync(tool, parse, cancellation), CancellationToken.None)
            );
        foreach (var child in command.Subcommands)
            SetActions(child);
    }

    private async Task<int> ExecuteAsync(ToolCommand command, ParseResult parse, CancellationToken cancellation)
    {
        // A misspelt variable may be why an option is missing, so it is told of before and whatever else is said.
        var strangers = new UnknownVariables(surroundings).Sentences(parse.RootCommandResult.Command);
        try
        {
            var values = Resolve(parse, strangers);
            output.Quiet = values.Get(common.Quiet);
            output.NoColor = values.Get(common.NoColor);
            Warn(strangers, values.Get(common.Quiet));
            return await command.RunAsync(new Invocation(parse, values), cancellation).ConfigureAwait(false);
        }
        catch (UsageException error)
        {
            return Refuse(error.Errors, command);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail("cancelled; nothing half-written was left behind.", ExitCode.Cancelled);
        }
        catch (Exception error) when (error is AuditException or IOException or UnauthorizedAccessException)
        {
            if (surroundings.Variable(UnknownVariables.Trace) is not null)
                terminal.Error.WriteLine(error);
            return Fail(error.Message, ExitCode.Error);
        }
#pragma warning disable CA1031 // The last resort: every other exception is a bug of ours and is shown whole.
        catch (Exception error)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine(error);
            return Fail("this is a bug; please report it with the lines above.", ExitCode.Error);
        }
    }

    private SettingValues Resolve(ParseResult parse, IReadOnlyList<string> warnings)
    {
        try
        {
            return resolver.Resolve(parse);
        }
        catch (UsageException)
        {
            Warn(warnings, parse.GetValue(common.Quiet));
            throw;
        }
    }

    private void Warn(IReadOnlyList<string> warnings, bool quiet)
    {
        if (quiet)
            return;
        foreach (var warning in warnings)
            terminal.Error.WriteLine($"das-audit: {warning}");
    }

    private int Refuse(IReadOnlyList<string> errors, Command command)
    {
        foreach (var error in errors)
            terminal.Error.WriteLine($"das-audit: {error}");
        terminal.Error.WriteLine($"Run '{CommandNames.CommandLine(command)} --help' for help.");
        return ExitCode.Usage;
    }

    private int Fail(string message, int exitCode)
    {
        terminal.Error.WriteLine($"das-audit: {message}");
        return exitCode;
    }
}
