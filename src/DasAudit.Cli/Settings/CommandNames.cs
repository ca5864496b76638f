using System.CommandLine;

namespace DasAudit.Cli.Settings;

internal static class CommandNames
{
    /// <summary>How one types a command: <c>dotnet das-audit reports list</c>.</summary>
    public static string CommandLine(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{CommandLine(parent)} {command.Name}"
            : "dotnet das-audit";

    /// <summary>What messages call a command: <c>list</c>.</summary>
    public static string Name(Command command) => command is RootCommand ? "das-audit" : command.Name;
}
