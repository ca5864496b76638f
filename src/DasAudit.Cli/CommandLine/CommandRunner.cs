using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.CommandLine;

/// <summary>Parses a command line, runs the command and turns whatever happens into an exit code.</summary>
internal sealed class CommandRunner(
    IServiceProvider provider,
    SettingResolver resolver,
    CommonSettings common,
    ToolOutput output,
    Terminal terminal,
    Surroundings surroundings,
    Platform platform
)
{
    // How long a command may take to wind up after Ctrl+C before the process is ended for it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command line, given without the program's name; returns one of <see cref="ExitCode"/>.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        if (platform.Refusal(architecture, RuntimeInformation.OSDescription) is { } refusal)
        {
            Print(refusal);
            return ExitCode.Error;
        }
        var root = CommandTree.Build(provider);
        SetActions(root);
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
            return Refuse(UsageErrors.Of(parse), parse);
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
        // A misspelt variable may be why an option is missing, so the warning comes first, whatever else is printed.
        var warnings = new UnknownVariables(surroundings).Sentences(parse.RootCommandResult.Command);
        try
        {
            var values = Resolve(parse, warnings);
            output.Quiet = values.Get(common.Quiet);
            output.NoColor = values.Get(common.NoColor);
            output.WithOptionNames = message => OptionNames.Write(message, parse.RootCommandResult.Command);
            Warn(warnings, values.Get(common.Quiet));
            return await command
                .RunAsync(new Invocation(parse, values, common, surroundings), cancellation)
                .ConfigureAwait(false);
        }
        catch (UsageException error)
        {
            return Refuse(error.Errors, parse);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail("cancelled; nothing half-written was left behind.", parse, ExitCode.Cancelled);
        }
        catch (Exception error) when (error is AuditException or IOException or UnauthorizedAccessException)
        {
            if (surroundings.Variable(UnknownVariables.Trace) is not null)
                terminal.Error.WriteLine(error);
            return Fail(error.Message, parse, ExitCode.Error);
        }
#pragma warning disable CA1031 // The last resort: every other exception is a bug of ours and is shown whole.
        catch (Exception error)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine(error);
            return Fail("this is a bug; please report it with the lines above.", parse, ExitCode.Error);
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
            Print(warning);
    }

    private int Refuse(IReadOnlyList<string> errors, ParseResult parse)
    {
        foreach (var error in errors)
            Print(OptionNames.Write(error, parse.RootCommandResult.Command));
        var command = CommandNames.CommandLine(parse.CommandResult.Command);
        terminal.Error.WriteLine($"Run '{command} --help' for help.");
        return ExitCode.Usage;
    }

    private int Fail(string message, ParseResult parse, int exitCode)
    {
        Print(OptionNames.Write(message, parse.RootCommandResult.Command));
        return exitCode;
    }

    private void Print(string message) => terminal.Error.WriteLine($"das-audit: {message}");
}
