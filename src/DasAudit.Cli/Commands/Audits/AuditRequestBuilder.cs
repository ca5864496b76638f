using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>What an evaluation looks at, as written.</summary>
/// <param name="Sampling">How pictures were generated that do not state it.</param>
internal sealed record EvaluationSubject(
    string Model,
    string Dataset,
    IReadOnlyList<string> Images,
    string? HeldOut,
    GeneratorOptions Sampling
);

/// <summary>Makes requests for audits: the one place where settings become an <see cref="AuditRequest"/>.</summary>
internal sealed class AuditRequestBuilder(AdapterSelection adapters, DatasetIndexes indexes)
{
    /// <summary>Makes a request. The encoder is the task's, opened; it stays the caller's.</summary>
    public AuditRequest Build(AuditTask task, Invocation invocation, TorchSession session, IImageEncoder? encoder)
    {
        var settings = task.Settings;
        var inputs = new AuditInputs
        {
            Images = task.Images,
            Model = settings is null
                ? adapters.ModelAsStated(invocation, task.Model)
                : adapters.Model(invocation, task.Model),
            Dataset = task.Dataset,
            DatasetOptions = new() { Indexes = indexes.Beside(task.StorePath) },
            Encoder = encoder,
        };
        return new()
        {
            Inputs = settings is null ? inputs : WithSettings(inputs, settings, invocation),
            Options = settings is null ? DemoOptions(invocation) : Options(settings, invocation),
            Machine = Machine(invocation, session, task.StorePath, Features(task, invocation)),
            Provenance = new(ToolVersion.Current, session.Environment)
            {
                Auditor = settings is null ? null : invocation.Get(settings.Auditor),
            },
        };
    }

    /// <summary>Makes the request of an evaluation: all training pictures are scored, by several methods.</summary>
    /// <param name="settings">Those that an evaluation has too are read.</param>
    /// <param name="subject">What is looked at.</param>
    public AuditRequest BuildEvaluation(
        AuditSettings settings,
        EvaluationSubject subject,
        IReadOnlyList<IAttributionMethod> methods,
        IImageEncoder? encoder,
        Invocation invocation,
        TorchSession session
    )
    {
        var store = invocation.Store;
        return new()
        {
            Inputs = new()
            {
                Images = subject.Images,
                Model = adapters.Model(invocation, subject.Model),
                Dataset = subject.Dataset,
                DatasetOptions = settings.Dataset.Read(invocation, indexes.Beside(store)) with
                {
                    ShownAs = subject.Dataset,
                },
                QueryClasses = QueryClasses(settings, invocation, subject.Images.Count),
                Prompts = new() { Prompt = invocation.Get(settings.Prompt) },
                QuerySeeds = QuerySeeds(settings, invocation, subject.Images.Count),
                Sampling = subject.Sampling,
                Encoder = encoder,
            },
            Options = new()
            {
                Methods = methods,
                Method = Method(settings, invocation),
                Candidates = new() { Limit = null },
                Gradients = settings.Gradients.Read(invocation),
            },
            Machine = Machine(invocation, session, store, Features(settings, store, invocation)),
            Provenance = new(ToolVersion.Current, session.Environment),
        };
    }

    private static AuditMachine Machine(
        Invocation invocation,
        TorchSession session,
        string store,
        FeatureFolders? features
    ) =>
        new()
        {
            Device = session.Device,
            Threads = session.Environment.Threads,
            WorkingDirectory = invocation.Surroundings.WorkingDirectory,
            EmbeddingFolder = StoreFolders.Embeddings(store),
            Features = features,
        };

    private static MethodOptions Method(AuditSettings settings, Invocation invocation) =>
        new()
        {
            Damping = invocation.Get(settings.Damping),
            Residual = invocation.Get(settings.Residual),
            Seed = invocation.Seed,
        };

    // Half the timesteps and noise draws of an audit: still an interval, in a quarter of the time.
    private static AuditOptions DemoOptions(Invocation invocation) =>
        new()
        {
            Methods = [Usual, .. SecondOpinions.On(Usual, null, ProjectionKind.Sjlt, comparesPixels: true)],
            Candidates = new() { Limit = null },
            Gradients = new()
            {
                Timesteps = 5,
                Replicates = 2,
                Seed = invocation.Seed,
            },
        };

    private static IAttributionMethod Usual => new AuditOptions().Methods[0];

    private static AuditInputs WithSettings(AuditInputs inputs, AuditSettings settings, Invocation invocation) =>
        inputs with
        {
            DatasetOptions = settings.Dataset.Read(invocation, inputs.DatasetOptions.Indexes!),
            Decoys = invocation.Get(settings.Decoys),
            NullQueries = NullQueries(settings, invocation),
            Retrained = Retrained(settings, invocation),
            QueryClasses = QueryClasses(settings, invocation, inputs.Images.Count),
            Prompts = new()
            {
                Prompt = invocation.Get(settings.Prompt),
                Negative = invocation.Get(settings.NegativePrompt),
            },
            QuerySeeds = QuerySeeds(settings, invocation, inputs.Images.Count),
        };

    private static AuditOptions Options(AuditSettings settings, Invocation invocation) =>
        new()
        {
            Methods = Methods(settings, invocation),
            Method = Method(settings, invocation),
            Candidates = new()
            {
                Limit = invocation.Get(settings.Candidates),
                IncludedOwners = invocation.Get(settings.IncludeOwner),
            },
            Background = invocation.Get(settings.Background),
            Gradients = settings.Gradients.Read(invocation),
            GroupBy = invocation.Get(settings.GroupBy),
            Top = invocation.Get(settings.Top),
            Subset = invocation.Get(settings.Subset),
            Region = Region(settings, invocation),
        };

    private static IReadOnlyList<IAttributionMethod> Methods(AuditSettings settings, Invocation invocation)
    {
        var methods = AskedFor(settings, invocation);
        settings.RefuseUnused(methods, invocation);
        AuditSettings.RefuseUnless(methods.Any(method => method.Needs.Trajectory), settings.QuerySeeds, invocation);
        return methods;
    }

    private static IReadOnlyList<IAttributionMethod> AskedFor(AuditSettings settings, Invocation invocation)
    {
        var method = invocation.Get(settings.Method);
        var damping = invocation.Get(settings.Damping);
        var projection = settings.Gradients.Read(invocation).Projection.Kind;
        var comparesPixels = invocation.Get(settings.Dataset.Resize) != ResizeMode.Bucket;
        var beside = invocation.Get(settings.Compare) ?? SecondOpinions.On(method, damping, projection, comparesPixels);
        return [.. beside.Prepend(method).DistinctBy(any => any.Description.Id)];
    }

    private static RegionChoice? Region(AuditSettings settings, Invocation invocation)
    {
        var region = invocation.Get(settings.Region);
        if (region is not null && invocation.Get(settings.Images).Length == 0)
            throw new UsageException("--region is a part of a picture to audit; give the picture, or leave it out.");
        return region;
    }

    private static FeatureFolders? Features(AuditTask task, Invocation invocation) =>
        task.Settings is { } settings
            ? Features(settings, task.StorePath, invocation)
            : FeatureFolders.Under(StoreFolders.FeatureStores(task.StorePath));

    private static FeatureFolders? Features(AuditSettings settings, string store, Invocation invocation)
    {
        if (invocation.Get(settings.NoFeatures))
            return null;
        var beside = StoreFolders.FeatureStores(store);
        return invocation.Get(settings.Features) is { } folder
            ? FeatureFolders.Named(folder, beside)
            : FeatureFolders.Under(beside);
    }

    private static IReadOnlyList<string> Retrained(AuditSettings settings, Invocation invocation)
    {
        var folders = invocation.Get(settings.Retrained);
        if (folders.Count == 0 || Methods(settings, invocation).Any(ComparesRetrainedModels))
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

    private static IReadOnlyList<int> QueryClasses(AuditSettings settings, Invocation invocation, int imageCount)
    {
        var classes = invocation.Get(settings.Classes);
        return classes.Count <= 1 || imageCount == 0 || classes.Count == imageCount
            ? classes
            : throw new UsageException(
                $"--class takes one class for all pictures or one for each of the {imageCount}, not {classes.Count}."
            );
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
