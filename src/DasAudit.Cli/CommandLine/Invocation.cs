using System.CommandLine;
using System.CommandLine.Parsing;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.CommandLine;

/// <summary>One use of a command: its arguments, the values of its settings, and where it runs.</summary>
internal sealed class Invocation(
    ParseResult parse,
    SettingValues values,
    CommonSettings common,
    Surroundings surroundings
)
{
    public Surroundings Surroundings => surroundings;

    /// <summary>The command line as given, without the program's name.</summary>
    public IReadOnlyList<Token> Arguments => parse.Tokens;

    public bool Json => Get(common.Json);

    public long Seed => Get(common.Seed);

    public DeviceChoice Device => Get(common.Device);

    /// <summary>Null for one a processor.</summary>
    public int? Threads => Get(common.Threads);

    /// <summary>A further folder with plugins, as written; null for none.</summary>
    public string? Plugins => Get(common.Plugins);

    /// <summary>The store of reports, absolute.</summary>
    public string Store => Resolve(Get(common.Store));

    /// <summary>The value of a setting of the command or of <see cref="CommonSettings"/>.</summary>
    public T Get<T>(Setting<T> setting) => values.Get(setting);

    /// <summary>Where the value of a setting stands, for messages; null for the default.</summary>
    public string? Source(ISetting setting) => values.Source(setting);

    public T Get<T>(Argument<T> argument) => parse.GetRequiredValue(argument);

    public string Resolve(string path) => surroundings.Resolve(path);

    public string WithOptionNames(string message) => OptionNames.Write(message, parse.RootCommandResult.Command);
}
