using System.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.CommandLine;

/// <summary>Environment variables that look like options of the tool and are none.</summary>
internal sealed class UnknownVariables(Surroundings surroundings)
{
    /// <summary>Shows the stack of an expected error, for those who look for its cause.</summary>
    public const string Trace = "DASAUDIT_TRACE";

    private const string Prefix = "DASAUDIT_";

    /// <summary>One sentence each, in ordinal order of name.</summary>
    /// <param name="root">The command line, all of whose options may stand in the environment.</param>
    public IReadOnlyList<string> Sentences(Command root)
    {
        var known = CommandSettings
            .Of(root)
            .Concat(CommandSettings.Below(root))
            .Select(setting => setting.Variable)
            .Append(Trace)
            .Append(LibTorch.Variable)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. surroundings
                .Variables.Keys.Where(name =>
                    name.StartsWith(Prefix, StringComparison.Ordinal)
                    && surroundings.Variable(name) is not null
                    && !known.Contains(name)
                )
                .Order(StringComparer.Ordinal)
                .Select(name =>
                    Nearest.To(name[Prefix.Length..], known.Select(other => other[Prefix.Length..])) is { } near
                        ? $"The variable {name} is set, but no option reads it; perhaps {Prefix}{near} is meant."
                        : $"The variable {name} is set, but no option reads it; remove it, or look for the option's name with --help."
                ),
        ];
    }
}
