using System.Collections;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Shell;

/// <summary>Everything about the process that decides what a command line means.</summary>
internal sealed record Surroundings
{
    /// <summary>Relative paths start here; absolute.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The user's home folder, absolute; empty if there is none.</summary>
    public required string HomeDirectory { get; init; }

    /// <summary>The folder of the tool's own files, absolute.</summary>
    public required string ToolDirectory { get; init; }

    /// <summary>What stands before the arguments of a command line that starts the tool; absolute paths.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The value of an environment variable; null if it is unset or empty.</summary>
    public string? Variable(string name) =>
        Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The absolute form of a path that someone wrote.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <summary>The shortest way to write an absolute path: relative, or with <c>~</c>.</summary>
    public string Show(string path)
    {
        if (Below(path, WorkingDirectory) is { } belowWorkingDirectory)
            return belowWorkingDirectory;
        var belowHome = HomeDirectory.Length > 0 ? Below(path, HomeDirectory) : null;
        return belowHome is null ? path : $"~/{belowHome}";
    }

    public static Surroundings OfThisProcess() =>
        new()
        {
            WorkingDirectory = Environment.CurrentDirectory,
            HomeDirectory = Environment.GetFolderPath(
                Environment.SpecialFolder.UserProfile,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            ToolDirectory = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
            Program = ProgramOfThisProcess(),
            Variables = Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
        };

    // The tool is a program of its own, or a library that dotnet runs.
    private static IReadOnlyList<string> ProgramOfThisProcess()
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
            : [program];
    }

    private static string? Below(string path, string folder) =>
        path.StartsWith(
            Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar,
            Platform.Current.NameComparison
        )
            ? Path.GetRelativePath(folder, path)
            : null;
}
