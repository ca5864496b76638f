using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Reports;
using static TorchSharp.torch;

namespace DasAudit.Core.Audits;

/// <summary>What to audit, against what, and how.</summary>
public sealed record AuditRequest
{
    /// <summary>Paths of the generated pictures; one report each.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The model that made them.</summary>
    public required ModelSource Model { get; init; }

    /// <summary>The dataset the model was trained on: a folder.</summary>
    public required string Dataset { get; init; }

    /// <summary>The program, for the report.</summary>
    public required ToolInfo Tool { get; init; }

    /// <summary>Where it runs, for the report; its threads are the worker threads, at least 1, on which the result does not depend.</summary>
    public required EnvironmentInfo Environment { get; init; }

    /// <summary>Where relative paths start; absolute. Default: the process's current folder.</summary>
    public string WorkingDirectory { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>How the dataset is read.</summary>
    public TrainingSetOptions DatasetOptions { get; init; } = new();

    /// <summary>The image encoder of the semantic tier; null for none.</summary>
    public IImageEncoder? Encoder { get; init; }

    /// <summary>Folder in which embeddings are kept between audits; null to keep none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The feature store: features found there are not computed again, others are added. Null for <see cref="FeatureStores"/>.</summary>
    public string? FeatureStore { get; init; }

    /// <summary>
    /// Folder of feature stores, one for each <see cref="Features.Store.FeatureSettings"/>; null, if <see cref="FeatureStore"/> is too, to keep no features.
    /// </summary>
    public string? FeatureStores { get; init; }

    /// <summary>How candidates are found.</summary>
    public CandidateOptions Candidates { get; init; } = new();

    /// <summary>How gradients are taken.</summary>
    public GradientOptions Gradients { get; init; } = new();

    /// <summary>The methods: the first makes the report, the others stand beside it. Default DAS.</summary>
    public IReadOnlyList<IAttributionMethod> Methods { get; init; } = [new DasMethod()];

    /// <summary>
    /// Pictures that the model was not trained on, from which the scores of mere chance are learnt: a folder, or <c>split:NAME</c> for those of the
    /// dataset whose split is NAME, which are no training pictures then (see <see cref="DecoySource"/>). Null for none.
    /// </summary>
    public string? Decoys { get; init; }

    /// <summary>
    /// How many random training pictures that are no candidates are in the kernel too, together weighing as much as all that are none; null for all of them,
    /// default 0. They are not scored.
    /// </summary>
    public int? Background { get; init; } = 0;

    /// <summary>How features of very many pictures are worked with; its threads are those of <see cref="Environment"/>.</summary>
    public StreamingOptions Streaming { get; init; } = new();

    /// <summary>
    /// A folder of other pictures that the model generated: where there are no decoys, a training picture's score for the audited one is tested
    /// against its scores for these. Null for none.
    /// </summary>
    public string? NullQueries { get; init; }

    /// <summary>
    /// Models trained on parts of the dataset, for methods that compare them: folders of models, or models, each with its <see cref="Training.TrainingRecord"/>.
    /// </summary>
    public IReadOnlyList<string> Retrained { get; init; } = [];

    /// <summary>Damping and residual.</summary>
    public MethodOptions Method { get; init; } = new();

    /// <summary>What shares are summed by. Default rights holder.</summary>
    public GroupKey GroupBy { get; init; } = GroupKey.RightsHolder;

    /// <summary>How many attributions a report lists, at least 1. Default 20.</summary>
    public int Top { get; init; } = 20;

    /// <summary>How many pictures to seek that the query is owed to most when they are taken together; default 0: not to seek them.</summary>
    public int Subset { get; init; }

    /// <summary>Class index that the pictures were generated with; null for an unconditional model.</summary>
    public int? QueryClass { get; init; }

    /// <summary>
    /// Seed that each picture was generated from, in their order; null for those that <c>generate</c> named after theirs, <c>seed-N.png</c>. Believed
    /// only if the model makes the picture from it again.
    /// </summary>
    public IReadOnlyList<long>? QuerySeeds { get; init; }

    /// <summary>How the pictures were generated, for methods that follow their sampling.</summary>
    public GeneratorOptions Sampling { get; init; } = new();

    /// <summary>Where the model runs. Default CPU.</summary>
    public Device Device { get; init; } = new(TorchSharp.DeviceType.CPU); // torch.CPU would load libtorch, even to show the help.

    /// <summary>The folder of features under some settings; null where none are kept. Several kinds of features cannot share one folder.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="runs">Number of runs of the whole audit.</param>
    internal string? FeatureFolder(FeatureSettings settings, int runs) =>
        FeatureStore is not null && runs == 1 ? FeatureStore
        : (FeatureStore ?? FeatureStores) is { } all ? Path.Combine(all, settings.FolderName())
        : null;

    internal string Resolve(string path) => Path.GetFullPath(path, WorkingDirectory);
}
