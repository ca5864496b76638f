using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether the evidence store opens. One that is not there yet is no fault: the first audit makes it.</summary>
internal sealed class StoreCheck(IReportStores stores, Surroundings surroundings, CommonSettings common) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        var path = surroundings.Resolve(invocation.Get(common.Store));
        if (!File.Exists(path) && !Directory.Exists(path))
            return CheckResult.Ok($"none yet at '{surroundings.Show(path)}'; the first audit makes it");
        using var store = stores.Open(path, forWriting: false);
        return CheckResult.Ok(
            $"{Numbers.Count(store.Query(ReportFilter.All).Count, "report")} in '{surroundings.Show(path)}'"
        );
    }
}
