using System.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Commands.Reports;

internal static class ReportArguments
{
    public static Argument<string> Id() =>
        new("ID") { Description = "The report's id, or a beginning of it that no other report shares." };

    /// <summary>How many reports to list; null for all.</summary>
    public static Setting<int?> Limit() =>
        Setting.OptionalNumber("--limit", "N", "At most so many, the newest", 1, int.MaxValue, "all");
}
