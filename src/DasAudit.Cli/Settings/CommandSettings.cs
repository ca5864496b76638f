using System.CommandLine;

namespace DasAudit.Cli.Settings;

internal static class CommandSettings
{
    /// <summary>The command's own settings, then those that it shares with others.</summary>
    public static IEnumerable<ISetting> Of(Command command) =>
        command.Options.Concat(Shared(command)).OfType<ISetting>().Distinct();

    /// <summary>The settings that commands above this one hand down.</summary>
    public static IEnumerable<Option> Shared(Command command) =>
        command
            .Parents.OfType<Command>()
            .SelectMany(parent => parent.Options.Where(option => option.Recursive).Concat(Shared(parent)));

    /// <summary>The settings of a command and of all commands below it.</summary>
    public static IEnumerable<ISetting> All(Command command) =>
        Of(command).Concat(command.Subcommands.SelectMany(All)).Distinct();
}
