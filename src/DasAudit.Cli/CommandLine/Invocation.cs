using System.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.CommandLine;

/// <summary>One use of a command: its arguments and the values of its settings.</summary>
/// <param name="parse">The parsed command line.</param>
/// <param name="values">The settings, decided.</param>
internal sealed class Invocation(ParseResult parse, SettingValues values)
{
    /// <summary>The value of a setting of the command or of <see cref="CommonSettings"/>.</summary>
    public T Get<T>(Setting<T> setting) => values.Get(setting);

    /// <summary>Where the value of a setting stands, for messages; null for the default.</summary>
    public string? Source(ISetting setting) => values.Source(setting);

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => parse.GetRequiredValue(argument);
}
