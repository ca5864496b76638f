using System.CommandLine;
using System.CommandLine.Invocation;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.CommandLine;

internal sealed class ToolHelp(Terminal terminal) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var writer = new HelpWriter(terminal.Out, terminal.OutIsTerminal ? terminal.Width : Terminal.FixedWidth);
        writer.Paragraph(command.Description!);
        writer.Heading("Usage");
        writer.Line(Usage(command));
        writer.Table("Commands", command.Subcommands.Select(child => (child.Name, child.Description!)));
        writer.Table("Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description!)));
        var own = command is RootCommand ? [] : command.Options.Where(option => !option.Hidden);
        writer.Table("Options", own.Select(Row));
        var common = command is RootCommand ? command.Options : CommandSettings.Shared(command);
        writer.Table("Common options", common.Where(option => !option.Hidden).Select(Row));
        if (command is ToolCommand tool)
        {
            if (tool.Notes is { } notes)
                writer.Notes(notes);
            writer.Table(
                "Examples",
                tool.Examples.Select(example => ($"dotnet das-audit {example.CommandLine}", example.Does))
            );
        }
        writer.Paragraph(
            "Every option can also stand in the environment (--no-color as DASAUDIT_NO_COLOR) or in "
                + $"{ConfigFile.DefaultName} (\"no-color\": true, or within the command's object: "
                + "{\"reports\": {\"export\": {\"format\": \"html\"}}}); "
                + "the command line goes first, then the environment, then the file."
        );
        if (command is RootCommand)
            writer.Paragraph(
                "Exit codes: 0 done, 1 error, 2 a policy was hit, 3 verification or replay mismatch, "
                    + "64 wrong usage, 130 cancelled."
            );
        return ExitCode.Done;
    }

    private static string Usage(Command command)
    {
        var parts = new List<string> { CommandNames.CommandLine(command) };
        if (command.Subcommands.Count > 0)
            parts.Add("COMMAND");
        parts.AddRange(
            command.Arguments.Select(argument =>
            {
                var name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "…" : argument.Name;
                return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
            })
        );
        parts.AddRange(
            command
                .Options.OfType<ISetting>()
                .Where(setting => setting.IsRequired)
                .Select(setting => Row((Option)setting).Name)
        );
        parts.Add("[options]");
        return string.Join(' ', parts);
    }

    private static (string Name, string Description) Row(Option option)
    {
        var names = string.Join(
            ", ",
            option.Aliases.Where(alias => alias.StartsWith('-') && alias != "-?").Append(option.Name)
        );
        var value = option.HelpName is { } name ? $" {name}" : "";
        return (
            names + value,
            option switch
            {
                System.CommandLine.Help.HelpOption => "Show this help.",
                VersionOption => "Show the version.",
                _ => option.Description!,
            }
        );
    }
}
