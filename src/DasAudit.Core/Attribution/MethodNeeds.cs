using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Attribution;

/// <summary>What a method must be given; the audit computes what it can and says who provides the rest.</summary>
public sealed record MethodNeeds
{
    /// <summary>Gradient features.</summary>
    public IReadOnlyList<FeatureNeed> Features { get; init; } = [];

    /// <summary>Whether it compares embeddings of an image encoder.</summary>
    public bool Embeddings { get; init; }

    /// <summary>Whether it looks at pixels, at the model's size.</summary>
    public bool Pixels { get; init; }

    /// <summary>Whether it looks at the network's inner activations: <see cref="MethodInputs.Activations"/>.</summary>
    public bool Activations { get; init; }

    /// <summary>Whether it looks at influences by curvature: <see cref="MethodInputs.Ekfac"/>.</summary>
    public bool Ekfac { get; init; }

    /// <summary>Whether it looks at the end of training, replayed: <see cref="MethodInputs.Replay"/>.</summary>
    public bool Replay { get; init; }

    /// <summary>The fewest retrained models that it works with; default 0, it looks at none.</summary>
    public int RetrainedModels { get; init; }

    /// <summary>Name of single gradients in <see cref="LooksAt"/>.</summary>
    public const string Gradients = "gradients";

    /// <summary>Name of the replayed end of training in <see cref="LooksAt"/>.</summary>
    public const string TrainingRun = "the training run";

    /// <summary>Name of models trained again on parts of the dataset in <see cref="LooksAt"/>.</summary>
    public const string OtherModels = "retrained models";

    /// <summary>Name of the network's activations in <see cref="LooksAt"/>.</summary>
    public const string InnerActivations = "activations";

    /// <summary>Name of an image encoder's embeddings in <see cref="LooksAt"/>.</summary>
    public const string EncoderEmbeddings = "embeddings";

    /// <summary>
    /// What it looks at: <c>gradients</c>, <c>curvature</c>, <c>the training run</c>, <c>activations</c>,
    /// <c>retrained models</c>, <c>embeddings</c>, <c>pixels</c>; empty for nothing.
    /// </summary>
    public IReadOnlyList<string> LooksAt
    {
        get
        {
            (string Name, bool LooksAt)[] inputs =
            [
                (Gradients, Features.Count > 0),
                ("curvature", Ekfac),
                (TrainingRun, Replay),
                (InnerActivations, Activations),
                (OtherModels, RetrainedModels > 0),
                (EncoderEmbeddings, Embeddings),
                ("pixels", Pixels),
            ];
            return [.. inputs.Where(input => input.LooksAt).Select(input => input.Name)];
        }
    }

    /// <summary>Whether it takes gradients by attributed parameters, which can be chosen.</summary>
    public bool TakesGradients => Features.Count > 0 || Ekfac;

    /// <summary>Whether the model, or others like it, have a part in the scores.</summary>
    public bool LooksAtModel => Features.Count > 0 || Ekfac || Replay || Activations || RetrainedModels > 0;

    /// <summary>Whether queries are followed along their sampling.</summary>
    public bool Trajectory => Features.Any(need => need.Trajectory);

    /// <summary>Whether its kernel's rows come with tangent targets, which the damping rule gcv needs.</summary>
    internal bool TangentTargets =>
        Features.Any(need => need.Kinds.Any(kind => OutputFunctions.HaveTangentTarget(kind.Function)));

    /// <summary>What a method that compares embeddings says without an encoder.</summary>
    internal static AuditException NoEncoder(string method) =>
        new($"The method {method} compares embeddings; give an image encoder with {Settings.Name("encoder")}.");

    /// <summary>Refuses methods that compare embeddings where there are none.</summary>
    /// <param name="why">What is missing, as the second half of a sentence.</param>
    internal static void RefuseEmbeddings(IEnumerable<IAttributionMethod> methods, string why)
    {
        if (methods.FirstOrDefault(method => method.Needs.Embeddings) is { } method)
            throw new AuditException(
                $"The method {method.Description.Id} compares embeddings, {why}; leave it out of "
                    + $"{Settings.Name("methods")}."
            );
    }

    /// <summary>What a method that compares embeddings says of a region.</summary>
    internal static AuditException NoRegion(string method) =>
        new(
            $"The method {method} compares embeddings of whole pictures and knows no region; leave out the method or "
                + $"{Settings.Name("region")}."
        );

    /// <summary>What a method that replays training says of null queries.</summary>
    internal static AuditException NoNullQueries(string method) =>
        new(
            $"The method {method} goes back through training once for each query, and null queries would be as many "
                + $"more; leave out {Settings.Name("null-queries")}, or compare with {Settings.Name("decoys")}."
        );

    /// <summary>What a method that follows sampling says of a query whose seed is not known.</summary>
    internal static AuditException NoTrajectory(string method) =>
        new(
            $"{method} needs the sampling trajectory of the query; audit a picture that generate made, with the seed "
                + "that it was made from."
        );
}

/// <summary>Gradient features from one kind of pass.</summary>
/// <param name="Name">What the method calls them.</param>
/// <param name="Kinds">Kinds for training pictures.</param>
public sealed record FeatureNeed(string Name, params IReadOnlyList<FeatureKind> Kinds)
{
    /// <summary>Kinds for queries; null for the same.</summary>
    public IReadOnlyList<FeatureKind>? QueryKinds { get; init; }

    /// <summary>Which checkpoints of the training run. Default the model itself.</summary>
    public CheckpointChoice Checkpoints { get; init; }

    /// <summary>Timesteps out of 1000, scaled to the model's; null for those of the setting <c>timesteps</c>.</summary>
    public IReadOnlyList<int>? Timesteps { get; init; }

    /// <summary>Noise draws for each replicate. Default 1.</summary>
    public int DrawsPerReplicate { get; init; } = 1;

    /// <summary>
    /// Rules for which of the attributed parameters, unless parameters are asked for; all where a model has none of
    /// them. Default null: all.
    /// </summary>
    public string? Parameters { get; init; }

    /// <summary>Whether gradients are scaled by Adam's second moments where training kept them.</summary>
    public bool AdamMetric { get; init; }

    /// <summary>Whether each layer must have a sketch of its own: <see cref="ProjectionKind.Layers"/>.</summary>
    public bool LayerBlocks { get; init; }

    /// <summary>Whether passes that are kept apart are rows of one kernel. Default one kernel a pass.</summary>
    public bool PassesInOneKernel { get; init; }

    /// <summary>The output functions of all its kinds.</summary>
    internal IEnumerable<string> Functions => Kinds.Concat(QueryKinds ?? []).Select(kind => kind.Function);

    /// <summary>Whether the query is differentiated at the clean picture that each sampling step predicts.</summary>
    public bool Trajectory { get; init; }
}

/// <summary>Which checkpoints of a training run.</summary>
public enum CheckpointChoice
{
    /// <summary>The model that is audited.</summary>
    Final,

    /// <summary>The one nearest to 30 % of training; the final one where no other was kept.</summary>
    Early,

    /// <summary>
    /// The one nearest to 30 % of training for the first half of the draws, the one nearest to 50 % for the others; one
    /// for all of them where both are the same.
    /// </summary>
    EarlyAndMiddle,

    /// <summary>All that were kept, the final one last.</summary>
    All,
}
