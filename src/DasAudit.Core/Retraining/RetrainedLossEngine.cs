using System.Diagnostics;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>Computes the losses of pictures under retrained models, under the same noise for all models.</summary>
/// <param name="audited">The audited model, whose architecture they share.</param>
/// <param name="options">Timesteps, noise draws, seed and memory.</param>
internal sealed class RetrainedLossEngine(AuditedModel audited, GradientOptions options, int threads)
{
    // Adapters are called from one thread at a time.
    private readonly Lock _loading = new();

    /// <summary>Computes each picture's loss under each model; one that occurs again is computed once.</summary>
    public RetrainedLosses Compute(
        IReadOnlyList<RetrainedModel> models,
        IEnumerable<KeyedPicture> pictures,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var distinct = pictures.DistinctBy(picture => picture.Key).ToList();
        var (rows, workers) = PicturePredictions
            .Memory(audited.Model)
            .Fit(audited.Device.type, threads, options.Memory);
        var losses = new RetrainedModelLosses[models.Count];
        var counter = new StageCounter(progress, "comparing retrained models", models.Count);
        Workers.Run(
            NewDisposeScope,
            workers,
            models.Count,
            (_, m) =>
            {
                losses[m] = Compute(models[m], distinct, rows, progress, cancellation);
                counter.Add();
            }
        );
        return new(losses);
    }

    /// <summary>Measures what it costs: one model is loaded, and sees pictures of nothing twice.</summary>
    /// <param name="condition">A condition such as the pictures have.</param>
    public (double Seconds, long Bytes) Measure(
        IReadOnlyList<RetrainedModel> models,
        int pictures,
        Condition condition,
        CancellationToken cancellation
    )
    {
        TorchThreads.Use(1);
        var watch = Stopwatch.StartNew();
        using var model = Load(models[0]);
        var loading = watch.Elapsed.TotalSeconds;
        var memory = PicturePredictions.Memory(model);
        var (rows, workers) = memory.Fit(audited.Device.type, Math.Min(models.Count, threads), options.Memory);
        var predictions = new PicturePredictions(model, options, rows);
        var nothing = new ModelPicture("nothing", () => new float[model.PictureShape.Length], condition);
        var some = Enumerable.Repeat(nothing, predictions.Together).ToList();
        // The first passes find no memory to use again and are slow.
        SimpleLoss.Of(predictions, some, cancellation);
        watch.Restart();
        SimpleLoss.Of(predictions, some, cancellation);
        var modelSeconds = loading + pictures * watch.Elapsed.TotalSeconds / some.Count;
        var rounds = (models.Count + workers - 1) / workers;
        return (rounds * modelSeconds, workers * (memory.Fixed + rows * memory.PerRow));
    }

    private RetrainedModelLosses Compute(
        RetrainedModel retrained,
        IReadOnlyList<KeyedPicture> pictures,
        int rows,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        using var model = Load(retrained);
        if (ModelArchitecture.Of(model) != ModelArchitecture.Of(audited.Model))
            throw new AuditException(
                $"The retrained model '{retrained.Path}' is of another kind than the audited one "
                    + $"({Parameters(model)} parameters, "
                    + $"and that has {Parameters(audited.Model)}); train it from the audited model's own configuration."
            );
        if (!model.Process.Levels.SequenceEqual(audited.Model.Process.Levels))
            throw new AuditException(
                $"The retrained model '{retrained.Path}' has another noise schedule than the audited one, so their "
                    + $"losses cannot be compared; leave it out, or say the schedule of both with "
                    + $"{Settings.Name("schedule")}."
            );
        var predictions = new PicturePredictions(model, options, rows) { Progress = progress };
        var losses = SimpleLoss.Of(predictions, [.. pictures.Select(picture => picture.Picture)], cancellation);
        if (Array.FindIndex(losses, loss => !double.IsFinite(loss)) is >= 0 and var useless)
            throw new AuditException(
                $"The loss of '{pictures[useless].Picture.Name}' under the retrained model '{retrained.Path}' is not "
                    + "finite; leave that model out, or train it again."
            );
        var byKey = pictures.Zip(losses).ToDictionary(pair => pair.First.Key, pair => pair.Second);
        return new(retrained, SourceOf(retrained).HashOf(model), byKey);
    }

    private ModelSource SourceOf(RetrainedModel model) => audited.Source.WithTrained(model.Path);

    private IDiffusionModel Load(RetrainedModel model)
    {
        lock (_loading)
            return SourceOf(model).Load(audited.Device);
    }

    private static string Parameters(IDiffusionModel model) =>
        FormattableString.Invariant($"{model.Network.parameters().Sum(p => p.numel())}");
}
