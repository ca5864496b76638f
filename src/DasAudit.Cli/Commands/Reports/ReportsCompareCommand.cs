using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Evidence.Comparisons;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsCompareCommand(ReportStores stores, ToolOutput output)
    : ToolCommand(
        "compare",
        "What differs between two reports: inputs by their hashes, settings, rankings, shares with their intervals, "
            + "evidence words."
    )
{
    private readonly Argument<string> _first = Id("A");
    private readonly Argument<string> _second = Id("B");

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("reports compare 01J9 01JB", "Two reports side by side; exits with 0 whether or not they differ.")];

    protected override IReadOnlyList<Argument> Positionals => [_first, _second];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        var a = store.Get(invocation.Get(_first)).Report;
        var b = store.Get(invocation.Get(_second)).Report;
        var comparison = ReportComparison.Of(a, b);
        if (invocation.Json)
            output.WriteJson(ReportComparisonView.Document(comparison));
        else
            output.Write(ReportComparisonView.Of(comparison));
        return Task.FromResult(ExitCode.Done);
    }

    private static Argument<string> Id(string name) =>
        new(name) { Description = "A report's id, or a beginning of it that no other report shares." };
}
