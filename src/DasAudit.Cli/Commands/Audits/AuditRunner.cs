using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Progress;
using DasAudit.Clip;
using DasAudit.Core.Audits;
using DasAudit.Core.Files;
using DasAudit.Core.Planning;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Runs an audit and stores its reports, or plans it.</summary>
internal sealed class AuditRunner(
    TorchRuntime torch,
    AuditRequestBuilder requests,
    ReportStores stores,
    ProgressReporter reporter,
    TimeProvider time
)
{
    /// <summary>Audits pictures in order; each report is stored before the next is computed.</summary>
    public async Task<IReadOnlyList<StoredReport>> RunAsync(
        AuditTask task,
        Invocation invocation,
        CancellationToken cancellation
    )
    {
        // What can be refused at once is refused before anything heavy is loaded.
        using var store = new AuditStore(stores, task.StorePath);
        var session = torch.Start(invocation.Device, invocation.Threads);
        using var encoder = OpenEncoder(task, invocation, session);
        var request = requests.Build(task, invocation, session, encoder);
        return await reporter
            .RunAsync(progress => AuditAndStore(request, store, invocation, progress, cancellation))
            .ConfigureAwait(false);
    }

    /// <summary>Plans an audit, or, without pictures, the features of the whole dataset.</summary>
    public Task<RunPlan> PlanAsync(AuditTask task, Invocation invocation, CancellationToken cancellation)
    {
        var session = torch.Start(invocation.Device, invocation.Threads);
        return reporter.RunAsync(_ =>
        {
            using var encoder = OpenEncoder(task, invocation, session);
            return RunPlanner.Plan(requests.Build(task, invocation, session, encoder), cancellation);
        });
    }

    private List<StoredReport> AuditAndStore(
        AuditRequest request,
        AuditStore store,
        Invocation invocation,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var reports = new List<StoredReport>();
        foreach (var audited in new AuditPipeline(time, progress).Run(request, cancellation))
        {
            var limits = audited.Report.Limits.Select(invocation.WithOptionNames);
            var report = audited with { Report = audited.Report with { Limits = [.. limits] } };
            store.Add(report);
            reports.Add(report);
        }
        return reports;
    }

    private static OnnxImageEncoder? OpenEncoder(AuditTask task, Invocation invocation, TorchSession session) =>
        task.Encoder is { } path ? OnnxImageEncoder.Open(invocation.Resolve(path), session.Environment.Threads) : null;
}
