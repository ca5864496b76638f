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
    public async Task<AuditOutcome> RunAsync(AuditTask task, Invocation invocation, CancellationToken cancellation)
    {
        // What can be refused at once is refused before anything heavy is loaded.
        using var store = new AuditStore(stores, task.StorePath, invocation.Surroundings.Show(task.StorePath));
        var session = torch.Start(invocation.Device, invocation.Threads);
        using var encoder = OpenEncoder(task, invocation, session);
        var request = requests.Build(task, invocation, session, encoder) with
        {
            Evaluations = store.Evaluations,
            Earlier = task.OnlyMissing ? store.ReportsOn : null,
        };
        return await reporter
            .RunAsync(progress => AuditAndStore(task, request, store, invocation, progress, cancellation))
            .ConfigureAwait(false);
    }

    /// <summary>Plans an audit, or, without pictures, the features of the whole dataset.</summary>
    public Task<RunPlan> PlanAsync(AuditTask task, Invocation invocation, CancellationToken cancellation)
    {
        var session = torch.Start(invocation.Device, invocation.Threads);
        return reporter.RunAsync(progress =>
        {
            using var encoder = OpenEncoder(task, invocation, session);
            return RunPlanner.Plan(requests.Build(task, invocation, session, encoder), cancellation, progress);
        });
    }

    /// <summary>What is stored reads as it was told.</summary>
    public static StoredReport WithOptionNames(StoredReport stored, Invocation invocation)
    {
        var report = stored.Report;
        var source = report.Model.ScheduleSource;
        var model = report.Model with { ScheduleSource = source is null ? null : invocation.WithOptionNames(source) };
        IReadOnlyList<string> limits = [.. report.Limits.Select(invocation.WithOptionNames)];
        var prompt = report.Query.PromptSource;
        var query = report.Query with { PromptSource = prompt is null ? null : invocation.WithOptionNames(prompt) };
        return stored with { Report = report with { Query = query, Model = model, Limits = limits } };
    }

    private AuditOutcome AuditAndStore(
        AuditTask task,
        AuditRequest request,
        AuditStore store,
        Invocation invocation,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var reports = new List<StoredReport>();
        var audit = new AuditPipeline(time, progress).Run(request, cancellation);
        if (ScoreFile(task, request, invocation) is { } file)
            file.Write(Stored());
        else
            foreach (var unused in Stored()) { }
        return new(reports, audit.Refused);

        IEnumerable<AuditScores> Stored()
        {
            foreach (var audited in audit.Reports)
            {
                var report = WithOptionNames(audited, invocation) with { Scores = null };
                store.Add(report);
                reports.Add(report);
                yield return audited.Scores!;
            }
        }
    }

    private static ScoreFile? ScoreFile(AuditTask task, AuditRequest request, Invocation invocation) =>
        task.Settings is { } settings && invocation.Get(settings.Scores) is { } path
            ? new(invocation.Resolve(path), request.Options.Gradients.Replicates)
            : null;

    private static OnnxImageEncoder? OpenEncoder(AuditTask task, Invocation invocation, TorchSession session)
    {
        var preprocess = task.Settings is { } settings ? invocation.Get(settings.Preprocess) : null;
        return EncoderSelection.Open(task.Encoder, preprocess, invocation, session.Environment.Threads);
    }
}
