using System.CommandLine;

namespace DasAudit.Cli.Settings;

/// <summary>What messages of Core call <c>{damping}</c> people know as <c>--damping</c>.</summary>
internal static class OptionNames
{
    /// <summary>A message with the names of settings written as options; what else stands in braces stays.</summary>
    public static string Write(string message, Command root)
    {
        var keys = CommandSettings.All(root).Select(setting => setting.Key).ToHashSet(StringComparer.Ordinal);
        return Core.Files.Settings.Write(message, name => keys.Contains(name) ? $"--{name}" : null);
    }
}
