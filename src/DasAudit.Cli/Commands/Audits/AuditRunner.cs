using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Clip;
using DasAudit.Core.Audits;
using DasAudit.Core.Files;
using DasAudit.Core.Planning;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Runs an audit and stores its reports; what <c>audit</c> and <c>demo</c> share.</summary>
internal sealed class AuditRunner(
    TorchRuntime torch,
    AdapterSelection adapters,
    IReportStores stores,
    ProgressReporter reporter,
    CommonSettings common,
    Surroundings surroundings,
    TimeProvider time
)
{
    /// <summary>Audits pictures against a model and its dataset; each report is stored before the next is computed.</summary>
    /// <param name="inputs">What to audit, as written.</param>
    /// <param name="storePath">The store, absolute; embeddings and features are kept beside it.</param>
    /// <param name="invocation">Of the command, for common settings.</param>
    /// <param name="configure">Fills in how the audit is done.</param>
    /// <param name="cancellation">Stops; reports that were stored stay.</param>
    /// <returns>The stored reports.</returns>
    public async Task<IReadOnlyList<StoredReport>> RunAsync(
        AuditInputs inputs,
        string storePath,
        Invocation invocation,
        Func<AuditRequest, AuditRequest> configure,
        CancellationToken cancellation
    )
    {
        // What can be refused at once is refused before anything heavy is loaded.
        using var earlier = OpenIfThere(storePath);
        var session = torch.Start(invocation.Get(common.Device), invocation.Get(common.Threads));
        using var encoder = Encoder(inputs, session);
        var request = Request(inputs, storePath, invocation, session, encoder, configure);
        return await reporter
            .RunAsync<IReadOnlyList<StoredReport>>(progress =>
            {
                var reports = new List<StoredReport>();
                var store = earlier;
                try
                {
                    foreach (var report in new AuditPipeline(time, progress).Run(request, cancellation))
                    {
                        store ??= stores.Open(storePath, forWriting: true);
                        store.Add(report);
                        reports.Add(report);
                    }
                }
                finally
                {
                    if (store != earlier)
                        store?.Dispose();
                }
                return reports;
            })
            .ConfigureAwait(false);
    }

    /// <summary>Plans an audit, or, without images, the features of the whole dataset.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public Task<RunPlan> PlanAsync(
        AuditInputs inputs,
        string storePath,
        Invocation invocation,
        Func<AuditRequest, AuditRequest> configure,
        CancellationToken cancellation
    )
    {
        var session = torch.Start(invocation.Get(common.Device), invocation.Get(common.Threads));
        return reporter.RunAsync(_ =>
        {
            using var encoder = Encoder(inputs, session);
            return RunPlanner.Plan(Request(inputs, storePath, invocation, session, encoder, configure), cancellation);
        });
    }

    private OnnxImageEncoder? Encoder(AuditInputs inputs, TorchSession session) =>
        inputs.Encoder is { } path
            ? OnnxImageEncoder.Open(surroundings.Resolve(path), session.Environment.Threads)
            : null;

    private AuditRequest Request(
        AuditInputs inputs,
        string storePath,
        Invocation invocation,
        TorchSession session,
        OnnxImageEncoder? encoder,
        Func<AuditRequest, AuditRequest> configure
    )
    {
        var adapter = adapters.Find(invocation, inputs.Model);
        return configure(
            new()
            {
                Images = inputs.Images,
                Model = new(adapter, adapter.Version, adapter.Sha256, inputs.Model, surroundings.WorkingDirectory),
                Dataset = inputs.Dataset,
                WorkingDirectory = surroundings.WorkingDirectory,
                Tool = ToolVersion.Current,
                Environment = session.Environment,
                Device = session.Device,
                Encoder = encoder,
                CacheFolder = StoreFolders.Embeddings(storePath),
                FeatureStores = StoreFolders.FeatureStores(storePath),
            }
        );
    }

    // A store that is not there yet is made with the first report, so that an audit that fails leaves none behind; that it can be made is
    // tried now, not after an hour.
    private IReportStore? OpenIfThere(string path)
    {
        if (Path.Exists(path))
            return stores.Open(path, forWriting: true);
        var trial = $"{path}.{Guid.NewGuid():n}.tmp";
        AtomicFile.Write(trial, []);
        File.Delete(trial);
        return null;
    }
}

/// <summary>What to audit, as written on the command line.</summary>
internal sealed record AuditInputs(IReadOnlyList<string> Images, string Model, string Dataset, string? Encoder);
