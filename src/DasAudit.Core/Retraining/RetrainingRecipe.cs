using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Training;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>How the audited model was trained, to train others like it.</summary>
/// <param name="Source">The audited model; its weights are not used.</param>
/// <param name="Options">As its record states them.</param>
/// <param name="Set">The pictures that it was trained on.</param>
internal sealed record RetrainingRecipe(ModelSource Source, TrainingOptions Options, TrainingSet Set)
{
    /// <summary>Reads the record that training left beside the model, before anything heavy.</summary>
    /// <exception cref="AuditException">There is none, or it is of a part of a dataset.</exception>
    public static TrainingRecord Read(ModelSource source)
    {
        var folder = source.TrainedFolder;
        if (!Trainer.IsFinished(folder))
            throw new AuditException(
                $"'{source.Path}' does not say how it was trained (no {TrainingRecord.FileName} beside it), so that no "
                    + "model like it can be trained; give a model that train made, or write that file."
            );
        var record = TrainingRecord.Read(folder);
        return record.Options.Part is null ? record : throw OfPart(source);
    }

    /// <summary>The recipe of a model that was trained on a set.</summary>
    /// <param name="model">The audited model, loaded.</param>
    /// <exception cref="AuditException">It was trained on other pictures, or does not say so.</exception>
    public static RetrainingRecipe Of(ModelSource source, IDiffusionModel model, TrainingSet set)
    {
        var record = Read(source);
        if (record.Dataset != TrainedDataset.Of(set, model.TakesCaptions()))
            throw new AuditException(
                $"'{source.Path}' was trained on other pictures or captions than those of '{set.Path}' as they are "
                    + $"read now (root {record.Dataset.Root[..12]}…, not {set.Root[..12]}…); give the dataset that it "
                    + $"was trained on, read as then ({Settings.Name("split")}, {Settings.Name("resize-mode")}, "
                    + $"{Settings.Name("background-color")})."
            );
        // A model of a study may have been trained on all.
        var pictures = record.Pictures?.ToHashSet();
        return pictures is null || set.Items.All(item => pictures.Contains(item.PixelSha256))
            ? new(source, record.Options, set)
            : throw OfPart(source);
    }

    /// <summary>The same on another set, as often over each of its pictures.</summary>
    public RetrainingRecipe On(TrainingSet set)
    {
        var steps = (int)Math.Ceiling((double)Options.Steps * set.Items.Count / Set.Items.Count);
        return this with { Options = Options with { Steps = steps }, Set = set };
    }

    /// <summary>
    /// How a job is trained: as often over each of its pictures as the audited model was over each of all.
    /// </summary>
    public TrainingOptions OptionsFor(RetrainingJob job)
    {
        var steps = (int)Math.Ceiling((double)Options.Steps * job.Pictures.Count / Set.Items.Count);
        var lora = Options.Lora is null ? null : Options.Lora with { Seed = job.Seed };
        // One thread takes a batch fastest as a whole; of what a LoRA is trained on, a picture may be all that fits.
        var shardSize = lora is null ? Options.BatchSize : Options.ShardSize;
        return Options with
        {
            Steps = steps,
            Seed = job.Seed,
            Keep = job.Keeps ? Options.Keep : [],
            KeepState = job.Keeps ? Options.KeepState : null,
            Lora = lora,
            ShardSize = shardSize,
        };
    }

    /// <summary>The trainer of a job, on one thread.</summary>
    public Trainer TrainerFor(RetrainingJob job, Device device) =>
        new(() => Untrained(job, device), _ => Set, OptionsFor(job), threads: 1, job.Pictures);

    /// <summary>The model that a job's training starts from; the caller disposes it.</summary>
    public IDiffusionModel Untrained(RetrainingJob job, Device device) =>
        OptionsFor(job).Lora is { } lora
            ? (Source with { Loras = [] }).Load(device, new() { NewLora = lora })
            : Source.Load(device, new() { UntrainedSeed = job.Seed });

    private static AuditException OfPart(ModelSource source) =>
        new($"'{source.Path}' was itself trained on a part of a dataset; give the model of all pictures.");
}
