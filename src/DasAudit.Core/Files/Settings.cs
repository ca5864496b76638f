using System.Text.RegularExpressions;

namespace DasAudit.Core.Files;

/// <summary>Names of settings in messages: in braces, which whoever shows the message puts in his own form.</summary>
public static partial class Settings
{
    /// <summary>A setting's name in a message.</summary>
    /// <param name="name">As in the settings file: words with dashes between.</param>
    public static string Name(string name) => "{" + name + "}";

    /// <summary>Puts the names of settings in a message into a form.</summary>
    /// <param name="write">How a name is written; null if it is no setting's, which leaves it as it is.</param>
    public static string Write(string message, Func<string, string?> write) =>
        NamePattern().Replace(message, match => write(match.Groups[1].Value) ?? match.Value);

    [GeneratedRegex(@"\{([a-z][a-z-]*)\}")]
    private static partial Regex NamePattern();
}
