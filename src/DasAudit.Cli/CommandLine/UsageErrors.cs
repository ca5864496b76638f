using System.CommandLine;
using System.CommandLine.Parsing;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.CommandLine;

/// <summary>Words the parser's errors, one sentence each.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        // After an unknown option its value is unmatched too; that needs no sentence of its own.
        var unmatched = parse.UnmatchedTokens.Where(token => token.StartsWith('-')).ToList();
        if (unmatched.Count == 0)
            unmatched = [.. parse.UnmatchedTokens.Take(1)];
        if (unmatched.Count > 0)
            return [.. unmatched.Select(token => Unmatched(token, command))];
        if (command.Action is null && command.Subcommands.Count > 0)
        {
            var names = string.Join(", ", SubcommandNames(command));
            return [$"'{CommandNames.CommandLine(command)}' needs a command: {names}."];
        }
        return [.. parse.Errors.Select(error => Worded(error, command)).Distinct()];
    }

    private static string Worded(ParseError error, Command command) =>
        error.SymbolResult switch
        {
            OptionResult { Tokens.Count: 0 } result =>
                $"{result.Option.Name} needs a value: {result.Option.Name} {result.Option.HelpName}.",
            ArgumentResult { Tokens.Count: 0, Parent: CommandResult } result =>
                $"'{CommandNames.Name(command)}' needs {result.Argument.Name}.",
            _ => error.Message.EndsWith('.') ? error.Message : error.Message + ".",
        };

    private static string Unmatched(string token, Command command)
    {
        var name = CommandNames.Name(command);
        if (token.StartsWith('-'))
        {
            var options = CommandSettings.Of(command).Select(setting => setting.Name).Append("--help");
            return $"'{token}' is no option of '{name}'{Nearest.Hint(token.Split('=')[0], options)}";
        }
        if (command.Subcommands.Count > 0)
            return $"'{token}' is no command of '{name}'{Nearest.Hint(token, SubcommandNames(command))}";
        return $"'{name}' does not know what to do with '{token}'; put quotes around a value with spaces.";
    }

    private static IEnumerable<string> SubcommandNames(Command command) =>
        command.Subcommands.Select(subcommand => subcommand.Name);
}
