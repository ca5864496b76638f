using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsListCommand(ReportStores stores, ToolOutput output)
    : ToolCommand("list", "List all reports, newest first.")
{
    private readonly Setting<int?> _limit = ReportArguments.Limit();

    protected override IReadOnlyList<ISetting> Settings => [_limit];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        ReportTable.Print(output, store, ReportFilter.All, invocation.Get(_limit), invocation.Json);
        return Task.FromResult(ExitCode.Done);
    }
}
