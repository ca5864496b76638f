using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Planning;
using DasAudit.Core.Reports;

namespace DasAudit.Testing;

/// <summary>An audit in a folder: <c>query.png</c> against <c>set</c>, of a small network; makes its request.</summary>
internal sealed record TestAudit(TempFolder Folder, params IReadOnlyList<IAttributionMethod> Methods)
{
    public IReadOnlyList<string> Images { get; init; } = ["query.png"];

    public string Dataset { get; init; } = "set";

    public TrainingSetOptions DatasetOptions { get; init; } = new();

    public IModelAdapter Adapter { get; init; } = new TinyAdapter();

    public string Model { get; init; } = "model";

    public CandidateOptions Candidates { get; init; } = new() { Limit = null };

    public IImageEncoder? Encoder { get; init; }

    public GradientOptions Gradients { get; init; } = Passes(2, 2, 64);

    public MethodOptions Method { get; init; } = new();

    public string? Decoys { get; init; }

    public string? NullQueries { get; init; }

    public IReadOnlyList<int> Classes { get; init; } = [];

    public string? Prompt { get; init; }

    public string? NegativePrompt { get; init; }

    public IReadOnlyList<LoraFile> Loras { get; init; } = [];

    public int? Background { get; init; } = 0;

    public IReadOnlyList<string> Retrained { get; init; } = [];

    public GroupKey GroupBy { get; init; } = GroupKey.RightsHolder;

    public int? Top { get; init; } = 20;

    public int Subset { get; init; }

    public DasAudit.Core.Pictures.RegionChoice? Region { get; init; }

    public string? CacheFolder { get; init; }

    public string? FeatureStore { get; init; }

    public string? FeatureStores { get; init; }

    public StreamingOptions Streaming { get; init; } = new();

    public int Threads { get; init; } = 2;

    /// <summary>Few timesteps, noise draws and numbers in a feature.</summary>
    public static GradientOptions Passes(int timesteps, int replicates, int dimension) =>
        new()
        {
            Timesteps = timesteps,
            Replicates = replicates,
            Projection = new() { Dimension = dimension },
        };

    /// <summary>The audit of methods by their names in the catalogue.</summary>
    public static TestAudit Of(TempFolder folder, params string[] methods) =>
        new(folder, [.. methods.Select(MethodCatalog.Find)]);

    public IReadOnlyList<StoredReport> Run(IProgress<StageProgress>? progress = null) =>
        [.. Start(progress, TestContext.Current.CancellationToken)];

    /// <summary>The reports as the pipeline makes them, one when it is asked for.</summary>
    public IEnumerable<StoredReport> Start(IProgress<StageProgress>? progress, CancellationToken cancellation) =>
        new AuditPipeline(TimeProvider.System, progress).Run(Request(), cancellation).Reports;

    public IReadOnlyList<AuditReport> Reports() => [.. Run().Select(stored => stored.Report)];

    /// <summary>The report of the only picture.</summary>
    public AuditReport Report() => Assert.Single(Reports());

    /// <summary>Why the audit is refused.</summary>
    public string Refusal() => Assert.Throws<AuditException>(() => Run()).Message;

    public RunPlan Plan() => RunPlanner.Plan(Request(), TestContext.Current.CancellationToken);

    public AuditRequest Request() =>
        new()
        {
            Inputs = new()
            {
                Images = Images,
                Model = new(Adapter, "1.2.3", new string('c', 64), Model, Folder.Path) { Loras = Loras },
                Prompts = new() { Prompt = Prompt, Negative = NegativePrompt },
                Dataset = Dataset,
                DatasetOptions = DatasetOptions,
                Decoys = Decoys,
                NullQueries = NullQueries,
                QueryClasses = Classes,
                Retrained = Retrained,
                Encoder = Encoder,
            },
            Options = new()
            {
                Methods = Methods.Count == 0 ? [new DasMethod()] : Methods,
                Method = Method,
                Candidates = Candidates,
                Background = Background,
                Gradients = Gradients,
                Streaming = Streaming,
                GroupBy = GroupBy,
                Top = Top,
                Subset = Subset,
                Region = Region,
            },
            Machine = new()
            {
                Threads = Threads,
                WorkingDirectory = Folder.Path,
                EmbeddingFolder = CacheFolder,
                Features = Features(),
            },
            Provenance = new(new("9.9.9", "commit"), new("os", "runtime", "libtorch", "cpu", Threads)),
        };

    private FeatureFolders? Features()
    {
        if (FeatureStore is not null)
            return FeatureFolders.Named(FeatureStore, "additions");
        return FeatureStores is null ? null : FeatureFolders.Under(FeatureStores);
    }
}
