using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Audits;

/// <summary>One way of taking gradients of one checkpoint.</summary>
/// <param name="Model">The checkpoint.</param>
/// <param name="Options">How gradients are taken.</param>
/// <param name="LearningRate">Learning rate at the checkpoint; 1 where it is not known.</param>
/// <param name="Trajectory">Whether queries are followed along their sampling, whose timesteps the options name.</param>
public sealed record FeatureRun(
    ModelSource Model,
    GradientOptions Options,
    double LearningRate,
    bool Trajectory = false
);

/// <summary>The features of one need: of training pictures and of queries, which share passes and noise.</summary>
public sealed record FeatureRunPair(FeatureRun Rows, FeatureRun Queries);

/// <summary>What the needs of several methods come down to: as few runs as can serve them all.</summary>
public sealed class FeaturePlan
{
    private readonly Dictionary<FeatureNeed, IReadOnlyList<FeatureRunPair>> _pairs = [];

    private readonly GradientOptions _gradients;

    private FeaturePlan(GradientOptions gradients) => _gradients = gradients;

    /// <summary>All runs over training pictures.</summary>
    public IReadOnlyList<FeatureRun> Rows =>
        [.. _pairs.Values.SelectMany(pairs => pairs).Select(pair => pair.Rows).Distinct()];

    /// <summary>All runs.</summary>
    public IReadOnlyList<FeatureRun> Runs =>
        [.. _pairs.Values.SelectMany(pairs => pairs).SelectMany(pair => new[] { pair.Rows, pair.Queries }).Distinct()];

    /// <summary>Sentences on what was wanted and is not there, so that something else stands in.</summary>
    public IReadOnlyList<string> Substitutions { get; private init; } = [];

    /// <summary>Makes the plan.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="model">The audited model; checkpoints that its training kept lie beside it.</param>
    /// <param name="gradients">Timesteps, replicates and the rest as asked for; kinds do not matter.</param>
    /// <param name="loaded">The audited model, loaded.</param>
    /// <param name="sampling">How queries were generated.</param>
    /// <exception cref="AuditException">A checkpoint's information or a file of second moments cannot be read.</exception>
    public static FeaturePlan Of(
        IReadOnlyList<IAttributionMethod> methods,
        ModelSource model,
        GradientOptions gradients,
        IDiffusionModel loaded,
        GeneratorOptions sampling
    )
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentNullException.ThrowIfNull(sampling);
        var trainTimesteps = loaded.Schedule.TrainTimesteps;
        var kept = TrainingCheckpoint.Find(Path.GetFullPath(model.Path, model.WorkingDirectory));
        var finished = new SortedSet<string>(StringComparer.Ordinal);
        var wanted = methods
            .SelectMany(method =>
                method.Needs.Features.Select(need =>
                    (
                        method.Description.Id,
                        Need: need,
                        Passes: Passes(method.Description.Id, need, kept, model, gradients, trainTimesteps, finished)
                    )
                )
            )
            .ToList();

        // Needs with the same passes are served by one run with all their kinds.
        var runs = wanted
            .SelectMany(w => w.Passes.Select(passes => (passes, w.Need)))
            .GroupBy(pair => pair.passes.Key, pair => pair)
            .ToDictionary(
                group => group.Key,
                group =>
                {
                    var passes = group.First().passes;
                    var rows = Kinds(group.SelectMany(pair => pair.Need.Kinds));
                    var queries = Kinds(group.SelectMany(pair => pair.Need.QueryKinds ?? pair.Need.Kinds));
                    var run = new FeatureRun(passes.Model, passes.Options with { Kinds = rows }, passes.LearningRate);
                    if (passes.Trajectory)
                    {
                        int[] steps =
                        [
                            .. InferenceTimesteps.Create(loaded.Sampling, trainTimesteps, sampling.Steps).Order(),
                        ];
                        return new FeatureRunPair(
                            run,
                            run with
                            {
                                Options = passes.Options with { Kinds = queries, ChosenTimesteps = steps },
                                Trajectory = true,
                            }
                        );
                    }

                    return new FeatureRunPair(
                        run,
                        rows.SequenceEqual(queries)
                            ? run
                            : run with
                            {
                                Options = passes.Options with { Kinds = queries },
                            }
                    );
                }
            );
        var plan = new FeaturePlan(gradients)
        {
            Substitutions =
                finished.Count == 0
                    ? []
                    :
                    [
                        $"Training kept no checkpoints beside the model, so {string.Join(", ", finished)} looked at the finished model only; train --keep keeps them.",
                    ],
        };
        foreach (var (_, need, passes) in wanted)
            plan._pairs[need] = [.. passes.Select(own => runs[own.Key])];
        return plan;
    }

    /// <summary>The runs of a need, one for each of its checkpoints.</summary>
    public IReadOnlyList<FeatureRunPair> Of(FeatureNeed need) => _pairs[need];

    /// <summary>How a method's first gradients are taken; those asked for where it takes none.</summary>
    public GradientOptions Gradients(IAttributionMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Needs.Features.Count > 0 ? Of(method.Needs.Features[0])[0].Rows.Options : _gradients;
    }

    private static IReadOnlyList<FeatureKind> Kinds(IEnumerable<FeatureKind> kinds) =>
        [.. kinds.Distinct().OrderBy(kind => kind.ToString(), StringComparer.Ordinal)];

    private static List<PassesOfCheckpoint> Passes(
        string method,
        FeatureNeed need,
        IReadOnlyList<TrainingCheckpoint> kept,
        ModelSource model,
        GradientOptions gradients,
        int trainTimesteps,
        SortedSet<string> finished
    )
    {
        var options = gradients with
        {
            Replicates = gradients.Replicates * need.DrawsPerReplicate,
            Projection =
                need.LayerBlocks && !gradients.Projection.KeepsLayersApart
                    ? ProjectionOptions.Layered
                    : gradients.Projection,
            ChosenTimesteps = need.Timesteps is { } timesteps
                ? [.. timesteps.Select(t => (int)((long)t * trainTimesteps / 1000)).Distinct()]
                : gradients.ChosenTimesteps,
        };
        var early = kept.MinBy(checkpoint => Math.Abs((double)checkpoint.Step / checkpoint.Steps - 0.3));
        IReadOnlyList<TrainingCheckpoint?> checkpoints = need.Checkpoints switch
        {
            CheckpointChoice.All => [.. kept, null],
            CheckpointChoice.Early => [early],
            _ => [null],
        };
        if (need.Checkpoints != CheckpointChoice.Final && kept.Count == 0)
            finished.Add(method);
        return
        [
            .. checkpoints.Select(checkpoint =>
            {
                var metric =
                    gradients.Metric
                    ?? (
                        need.AdamMetric && checkpoint is not null && File.Exists(checkpoint.SecondMoments)
                            ? AdamMetric.Open(checkpoint.SecondMoments)
                            : null
                    );
                return new PassesOfCheckpoint(
                    checkpoint is null ? model : model with { Path = checkpoint.Folder },
                    options with
                    {
                        Metric = metric,
                    },
                    checkpoint?.LearningRate ?? (kept.Count > 0 ? kept[^1].LearningRate : 1),
                    need.Trajectory
                );
            }),
        ];
    }

    private sealed record PassesOfCheckpoint(
        ModelSource Model,
        GradientOptions Options,
        double LearningRate,
        bool Trajectory
    )
    {
        public string Key { get; } =
            string.Join(
                '|',
                Model.Path,
                Options.Replicates.ToString(CultureInfo.InvariantCulture),
                Options.Metric?.Sha256,
                Options.Projection.ToString(),
                string.Join(',', Options.ChosenTimesteps ?? []),
                Trajectory ? "trajectory" : ""
            );
    }
}
