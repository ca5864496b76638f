namespace DasAudit.Cli.Settings;

/// <summary>
/// An option whose value may come from the command line, an environment variable or the configuration file, in this
/// order of precedence. <c>--include-owner</c> is <c>DASAUDIT_INCLUDE_OWNER</c> in the environment and
/// <c>include-owner</c> in the file.
/// </summary>
internal interface ISetting
{
    /// <summary>The option as typed, such as <c>--top</c>.</summary>
    string Name { get; }

    string Key => Name.TrimStart('-');

    string Variable => "DASAUDIT_" + Key.Replace('-', '_').ToUpperInvariant();

    /// <summary>Whether one of the sources must give it.</summary>
    bool IsRequired { get; }

    /// <summary>The value where no source gives one.</summary>
    object? Fallback { get; }

    /// <summary>Splits what an environment variable holds into values.</summary>
    IReadOnlyList<string> Split(string text);

    /// <summary>Reads values as written; a <see cref="FormatException"/> goes on after where they stand.</summary>
    object? Read(IReadOnlyList<string> texts);
}
