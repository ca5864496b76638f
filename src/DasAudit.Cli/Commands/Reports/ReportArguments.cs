using System.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Commands.Reports;

internal static class ReportArguments
{
    private const int LongestId = 26;

    public static Argument<string> Id() =>
        new("ID") { Description = "The report's id, or a beginning of it that no other report shares." };

    /// <summary>How many reports to list; null for all.</summary>
    public static Setting<int?> Limit() =>
        Setting.OptionalNumber("--limit", "N", "At most so many, the newest", 1, int.MaxValue, "all");

    /// <summary>Whether an argument that names a report or a file names a file: no id has such characters.</summary>
    public static bool IsFile(string text) => text.Length > LongestId || !text.All(char.IsAsciiLetterOrDigit);
}
