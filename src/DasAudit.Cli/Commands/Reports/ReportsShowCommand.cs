using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands.Reports;

/// <summary><c>reports show ID</c>.</summary>
internal sealed class ReportsShowCommand : ToolCommand
{
    private readonly Argument<string> _id = new("ID")
    {
        Description = "The report's id, or a beginning of it that no other report shares.",
    };
    private readonly IReportStores _stores;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public ReportsShowCommand(IReportStores stores, CommonSettings common, Surroundings surroundings, ToolOutput output)
        : base("show", "Show a report.")
    {
        (_stores, _common, _surroundings, _output) = (stores, common, surroundings, output);
        Arguments.Add(_id);
    }

    /// <inheritdoc/>
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = _stores.Open(_surroundings.Resolve(invocation.Get(_common.Store)), forWriting: false);
        var report = store.Get(invocation.Get(_id)).Report;
        if (invocation.Get(_common.Json))
            _output.WriteJson(report);
        else
            _output.Write(ReportView.Of(report));
        return Task.FromResult(ExitCode.Done);
    }
}
