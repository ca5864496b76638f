using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Shell;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Makes requests for audits: the one place where settings become an <see cref="AuditRequest"/>.</summary>
internal sealed class AuditRequestBuilder(AdapterSelection adapters)
{
    /// <summary>Makes a request.</summary>
    /// <param name="task">What to audit.</param>
    /// <param name="invocation">Of the command, for the values of its settings.</param>
    /// <param name="session">Where to compute.</param>
    /// <param name="encoder">The task's image encoder, opened; stays the caller's.</param>
    /// <exception cref="UsageException">Two settings contradict each other.</exception>
    public AuditRequest Build(AuditTask task, Invocation invocation, TorchSession session, IImageEncoder? encoder)
    {
        var request = new AuditRequest
        {
            Images = task.Images,
            Model = adapters.Model(invocation, task.Model),
            Dataset = task.Dataset,
            WorkingDirectory = invocation.Surroundings.WorkingDirectory,
            Tool = ToolVersion.Current,
            Environment = session.Environment,
            Device = session.Device,
            Encoder = encoder,
            CacheFolder = StoreFolders.Embeddings(task.StorePath),
            FeatureStores = StoreFolders.FeatureStores(task.StorePath),
        };
        return task.Settings is { } settings
            ? WithSettings(request, settings, invocation)
            : WithDemoOptions(request, invocation);
    }

    // Half the timesteps and noise draws of an audit: still an interval, in a quarter of the time.
    private static AuditRequest WithDemoOptions(AuditRequest request, Invocation invocation) =>
        request with
        {
            Candidates = new() { Limit = null },
            Gradients = new()
            {
                Timesteps = 5,
                Replicates = 2,
                Seed = invocation.Seed,
            },
        };

    private static AuditRequest WithSettings(AuditRequest request, AuditSettings settings, Invocation invocation)
    {
        var keepsFeatures = !invocation.Get(settings.NoFeatures);
        IReadOnlyList<IAttributionMethod> methods =
        [
            .. invocation
                .Get(settings.Compare)
                .Prepend(invocation.Get(settings.Method))
                .DistinctBy(method => method.Description.Id),
        ];
        return request with
        {
            DatasetOptions = new()
            {
                Strict = invocation.Get(settings.Dataset.Strict),
                Split = invocation.Get(settings.Dataset.Split),
            },
            Candidates = new()
            {
                Limit = invocation.Get(settings.Candidates),
                IncludedOwners = invocation.Get(settings.IncludeOwner),
            },
            Gradients = settings.Gradients.Read(invocation),
            FeatureStore = keepsFeatures ? invocation.Get(settings.Features) : null,
            FeatureStores = keepsFeatures ? request.FeatureStores : null,
            Methods = methods,
            Decoys = invocation.Get(settings.Decoys),
            NullQueries = NullQueries(settings, invocation),
            Retrained = Retrained(settings, invocation, methods),
            Background = invocation.Get(settings.Background),
            Method = new()
            {
                Damping = invocation.Get(settings.Damping),
                Residual = invocation.Get(settings.Residual),
                Seed = invocation.Seed,
            },
            GroupBy = invocation.Get(settings.GroupBy),
            Top = invocation.Get(settings.Top),
            Subset = invocation.Get(settings.Subset),
            QueryClass = invocation.Get(settings.Class),
            QuerySeeds = QuerySeeds(settings, invocation, request.Images.Count),
        };
    }

    private static IReadOnlyList<string> Retrained(
        AuditSettings settings,
        Invocation invocation,
        IEnumerable<IAttributionMethod> methods
    )
    {
        var folders = invocation.Get(settings.Retrained);
        if (folders.Count == 0 || methods.Any(ComparesRetrainedModels))
            return folders;
        var comparing = MethodCatalog.All.Where(ComparesRetrainedModels).Select(method => method.Description.Id);
        throw new UsageException(
            "No method that was asked for looks at --retrained; "
                + $"add {string.Join(" or ", comparing)}, or leave it out."
        );
    }

    private static bool ComparesRetrainedModels(IAttributionMethod method) => method.Needs.RetrainedModels > 0;

    private static string? NullQueries(AuditSettings settings, Invocation invocation)
    {
        var folder = invocation.Get(settings.NullQueries);
        if (folder is not null && invocation.Get(settings.Decoys) is not null)
            throw new UsageException(
                "--decoys and --null-queries give two different nulls to test against; give one of them."
            );
        return folder;
    }

    private static IReadOnlyList<long>? QuerySeeds(AuditSettings settings, Invocation invocation, int imageCount)
    {
        var seeds = invocation.Get(settings.QuerySeeds);
        if (seeds.Count == 0)
            return null;
        if (seeds.Count != imageCount)
            throw new UsageException(
                $"--query-seed takes one seed for each of the {imageCount} pictures, not {seeds.Count}."
            );
        return seeds;
    }
}
