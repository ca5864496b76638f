using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

/// <summary><c>reports list</c>.</summary>
internal sealed class ReportsListCommand(
    IReportStores stores,
    CommonSettings common,
    Surroundings surroundings,
    ToolOutput output
) : ToolCommand("list", "List all reports, newest first.")
{
    /// <inheritdoc/>
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.Open(surroundings.Resolve(invocation.Get(common.Store)), forWriting: false);
        ReportTable.Print(output, store.Query(ReportFilter.All), invocation.Get(common.Json));
        return Task.FromResult(ExitCode.Done);
    }
}
