using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsShowCommand(ReportStores stores, ToolOutput output) : ToolCommand("show", "Show a report.")
{
    private readonly Argument<string> _id = ReportArguments.Id();

    protected override IReadOnlyList<Argument> Positionals => [_id];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        var report = store.Get(invocation.Get(_id)).Report;
        if (invocation.Json)
            output.WriteJson(report);
        else
            output.Write(ReportView.Of(report));
        return Task.FromResult(ExitCode.Done);
    }
}
