using System.CommandLine;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>Arguments of several commands.</summary>
internal static class ReportArguments
{
    public static Argument<string> Id() =>
        new("ID") { Description = "The report's id, or a beginning of it that no other report shares." };
}
