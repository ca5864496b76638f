using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Audits;

/// <summary>A need's passes at one checkpoint, before it is known which kinds of features are read off them.</summary>
/// <param name="Options">How gradients are taken; kinds do not matter.</param>
/// <param name="LearningRate">Learning rate at the checkpoint; 1 where it is not known.</param>
/// <param name="Trajectory">Whether queries are followed along their sampling.</param>
internal sealed record CheckpointPass(ModelSource Model, GradientOptions Options, double LearningRate, bool Trajectory)
{
    /// <summary>The checkpoint; null for the finished model.</summary>
    public TrainingCheckpoint? Checkpoint { get; init; }

    /// <summary>Equal for the same passes.</summary>
    public string Key { get; } =
        string.Join(
            '|',
            Model.Path,
            string.Join(',', Model.Loras),
            Options.Replicates.ToString(CultureInfo.InvariantCulture),
            Options.Metric?.Sha256,
            Options.Projection.ToString(),
            string.Join(',', Options.ChosenTimesteps ?? []),
            Options.FirstReplicate.ToString(CultureInfo.InvariantCulture),
            Options.AttributedPart,
            Trajectory ? "trajectory" : ""
        );
}

/// <summary>Finds the passes of needs.</summary>
/// <param name="checkpoints">Those that training kept, earliest first.</param>
internal sealed class CheckpointPasses(
    ModelSource source,
    IDiffusionModel model,
    IReadOnlyList<TrainingCheckpoint> checkpoints,
    GradientOptions gradients
)
{
    // Timesteps of needs are out of so many.
    private const int NeedTimesteps = 1000;

    // How far training has come at the checkpoints that CheckpointChoice means.
    private const double EarlyPart = 0.3;
    private const double MiddlePart = 0.5;

    /// <summary>The passes of a need, one for each of its checkpoints.</summary>
    public IReadOnlyList<CheckpointPass> Of(FeatureNeed need)
    {
        var options = Options(need);
        TrainingCheckpoint?[] chosen = [.. Checkpoints(need.Checkpoints).Distinct()];
        var haveOwnDraws = need.Checkpoints == CheckpointChoice.EarlyAndMiddle;
        var replicates = haveOwnDraws ? options.Replicates / chosen.Length : options.Replicates;
        return
        [
            .. chosen.Select(
                (checkpoint, index) =>
                    Pass(
                        need,
                        options with
                        {
                            Replicates = replicates,
                            FirstReplicate = haveOwnDraws ? index * replicates : 0,
                        },
                        checkpoint
                    )
            ),
        ];
    }

    private GradientOptions Options(FeatureNeed need)
    {
        var needsLayers = need.LayerBlocks && !gradients.Projection.KeepsLayersApart;
        return gradients with
        {
            Replicates = gradients.Replicates * need.DrawsPerReplicate,
            Projection = needsLayers ? ProjectionOptions.Layered : gradients.Projection,
            AttributedPart = Part(need),
            ChosenTimesteps = need.Timesteps is { } timesteps ? Scaled(timesteps) : gradients.ChosenTimesteps,
        };
    }

    private string? Part(FeatureNeed need) =>
        gradients.Parameters is null && need.Parameters is { } part && AttributedParameters.HasPart(model, part)
            ? part
            : null;

    private int[] Scaled(IReadOnlyList<int> timesteps) =>
        [.. timesteps.Select(t => (int)((long)t * model.Process.TrainTimesteps / NeedTimesteps)).Distinct()];

    // Null is the finished model.
    private IEnumerable<TrainingCheckpoint?> Checkpoints(CheckpointChoice choice) =>
        choice switch
        {
            CheckpointChoice.All => [.. checkpoints, null],
            CheckpointChoice.Early => [Nearest(EarlyPart)],
            CheckpointChoice.EarlyAndMiddle => [Nearest(EarlyPart), Nearest(MiddlePart)],
            _ => [null],
        };

    private TrainingCheckpoint? Nearest(double part) =>
        checkpoints.MinBy(checkpoint => Math.Abs((double)checkpoint.Step / checkpoint.Steps - part));

    private CheckpointPass Pass(FeatureNeed need, GradientOptions options, TrainingCheckpoint? checkpoint)
    {
        var metric = gradients.Metric;
        if (metric is null && need.AdamMetric && checkpoint is not null && File.Exists(checkpoint.SecondMoments))
            metric = AdamMetric.Open(checkpoint.SecondMoments);
        // The finished model's learning rate is that of the last checkpoint.
        var latest = checkpoints.Count > 0 ? checkpoints[^1] : null;
        var learningRate = (checkpoint ?? latest)?.LearningRate ?? 1;
        var passModel = checkpoint?.Of(source) ?? source;
        return new(passModel, options with { Metric = metric }, learningRate, need.Trajectory)
        {
            Checkpoint = checkpoint,
        };
    }
}
