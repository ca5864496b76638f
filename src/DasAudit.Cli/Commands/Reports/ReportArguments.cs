using System.CommandLine;

namespace DasAudit.Cli.Commands.Reports;

internal static class ReportArguments
{
    private const int LongestId = 26;

    public static Argument<string> Id() =>
        new("ID") { Description = "The report's id, or a beginning of it that no other report shares." };

    /// <summary>Whether an argument that names a report or a file names a file: no id has such characters.</summary>
    public static bool IsFile(string text) => text.Length > LongestId || !text.All(char.IsAsciiLetterOrDigit);
}
