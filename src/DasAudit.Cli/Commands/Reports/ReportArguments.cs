using System.CommandLine;

namespace DasAudit.Cli.Commands.Reports;

internal static class ReportArguments
{
    public static Argument<string> Id() =>
        new("ID") { Description = "The report's id, or a beginning of it that no other report shares." };
}
