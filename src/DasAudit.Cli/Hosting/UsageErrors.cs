using System.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Hosting;

/// <summary>Words the parser's errors.</summary>
internal static class UsageErrors
{
    /// <summary>One sentence an error.</summary>
    public static IReadOnlyList<string> Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        // After an unknown option its value is unmatched too; that needs no sentence of its own.
        var unmatched = parse.UnmatchedTokens.Where(token => token.StartsWith('-')).ToList();
        if (unmatched.Count == 0) unmatched = [.. parse.UnmatchedTokens.Take(1)];
        if (unmatched.Count > 0) return [.. unmatched.Select(token => Unmatched(token, command))];
        if (command.Action is null && command.Subcommands.Count > 0)
            return [$"'{Output.ToolHelp.CommandLine(command)}' needs a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}."];
        return [.. parse.Errors.Select(error => error.Message.EndsWith('.') ? error.Message : error.Message + ".").Distinct()];
    }

    private static string Unmatched(string token, Command command)
    {
        if (token.StartsWith('-'))
        {
            var options = CommandSettings.Of(command).Select(setting => setting.Name).Append("--help");
            return $"'{token}' is no option of '{command.Name}'{Nearest.Hint(token.Split('=')[0], options)}";
        }
        return command.Subcommands.Count > 0
            ? $"'{token}' is no command of '{command.Name}'{Nearest.Hint(token, command.Subcommands.Select(sub => sub.Name))}"
            : $"'{command.Name}' does not know what to do with '{token}'; put quotes around a value with spaces.";
    }
}
