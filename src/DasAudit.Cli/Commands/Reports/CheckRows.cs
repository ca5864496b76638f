using DasAudit.Cli.Output;
using DasAudit.Evidence.Bundles;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Reports;

internal static class CheckRows
{
    /// <summary>The mark before a check, a dash where it was not made.</summary>
    public static Text Mark(BundleCheck check) => check.Passed is { } passed ? Tables.Mark(passed) : new("--");
}
