using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsListCommand(ReportStores stores, ToolOutput output)
    : ToolCommand("list", "List all reports, newest first.")
{
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        ReportTable.Print(output, store.Query(ReportFilter.All), invocation.Json);
        return Task.FromResult(ExitCode.Done);
    }
}
