using System.CommandLine;
using System.CommandLine.Parsing;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.CommandLine;

/// <summary>A command. Its constructor only takes services, since every command line makes all commands.</summary>
internal abstract class ToolCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines for the help, without the program's name; each with a word on what it does.</summary>
    public virtual IReadOnlyList<(string CommandLine, string Does)> Examples => [];

    /// <summary>What the help explains below the options, such as the filter language; null for nothing.</summary>
    public virtual string? Notes => null;

    /// <summary>What stands on the command line without an option, in order.</summary>
    protected virtual IReadOnlyList<Argument> Positionals => [];

    /// <summary>The command's settings, in the order of the help.</summary>
    protected virtual IReadOnlyList<ISetting> Settings => [];

    /// <summary>Runs the command, on a worker thread; returns one of <see cref="Shell.ExitCode"/>.</summary>
    /// <exception cref="Abstractions.AuditException">An expected failure; exit code 1.</exception>
    /// <exception cref="Shell.UsageException">Wrong usage: the message is printed, exit code 64.</exception>
    public abstract Task<int> RunAsync(Invocation invocation, CancellationToken cancellation);

    /// <summary>Makes the arguments and settings known to the parser.</summary>
    public void AddSymbols()
    {
        foreach (var argument in Positionals)
        {
            argument.Validators.Add(RefuseOptions);
            Arguments.Add(argument);
        }
        foreach (var setting in Settings.Cast<Option>())
        {
            // The parser would give both the first one's value.
            if (Options.Any(other => other.Name == setting.Name))
                throw new InvalidOperationException($"'{Name}' has two options {setting.Name}.");
            Options.Add(setting);
        }
    }

    // A misspelt option would else be taken for a picture or a folder.
    private static void RefuseOptions(ArgumentResult argument)
    {
        foreach (var text in argument.Tokens.Select(token => token.Value))
            if (text.Length > 1 && text.StartsWith('-'))
                argument.AddError($"There is no option '{text}' here; for a file of that name write './{text}'.");
    }
}
