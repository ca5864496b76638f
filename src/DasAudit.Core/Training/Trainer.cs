using System.Globalization;
using System.Text.Json;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Models;

namespace DasAudit.Core.Training;

/// <summary>
/// Trains a diffusion model, or a LoRA on one, on a training set: AdamW on the (weighted) mean squared error, with a
/// moving average of the weights. The result does not depend on the number of threads, nor on how often training was
/// interrupted.
/// </summary>
/// <param name="load">
/// Makes an independent copy of the model, untrained or with an untrained LoRA; the same weights every time.
/// </param>
/// <param name="read">Reads the training set, once it is known that such a model can be trained so.</param>
/// <param name="threads">Worker threads, each with its own copy of the model.</param>
/// <param name="pictures">
/// The pictures of the set to train on, at least one, in its order, where they are no random part; timesteps and noise
/// then follow from (epoch, picture), as for a part. Null for what the options say.
/// </param>
public sealed class Trainer(
    Func<IDiffusionModel> load,
    Func<IDiffusionModel, TrainingSet> read,
    TrainingOptions options,
    int threads,
    IReadOnlyList<TrainingItem>? pictures = null
)
{
    /// <summary>The training state's file name; it is there only while training is unfinished.</summary>
    public const string StateFile = "training-state.safetensors";

    /// <summary>Whether a folder holds a model whose training came to its end.</summary>
    public static bool IsFinished(string folder) => File.Exists(Path.Combine(folder, TrainingRecord.FileName));

    /// <summary>
    /// The hash of the model that a LoRA is trained on, which a resumed run must agree on. Default:
    /// <see cref="ModelSource.Hash"/>.
    /// </summary>
    public Func<IDiffusionModel, string> BaseHash { get; init; } = ModelSource.Hash;

    /// <summary>
    /// How often every picture is seen, at least 1, whatever steps the options have. Default null: their steps count.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>
    /// Trains from the start, or from the state left by an interrupted run of the same settings; cancelling writes it.
    /// The end writes the averaged weights as a checkpoint with a <see cref="TrainingRecord"/> and removes the state.
    /// </summary>
    /// <param name="halfPrecision">Write the checkpoint's weights as float16.</param>
    /// <param name="progress">Told of every step, with the smoothed loss; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The options with the steps that were done.</returns>
    /// <exception cref="AuditException">The model, set or folder does not fit, or the loss is not finite.</exception>
    public TrainingOptions Train(
        string folder,
        bool halfPrecision,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var model = load();
        progress.Notify(model.Assumptions);
        TrainingRefusals.Check(model, options);
        var set = read(model);
        PictureClasses.Check(model, set.Items);
        var shapes = new PictureShapes(model, set.Resize);
        if (model.TakesCaptions())
            progress.Notify([.. CaptionRequirement.Check(set), .. CaptionNotes.Of(model, set)]);
        var part = Part(set);
        var trained = Epochs is { } epochs ? options.WithEpochs(epochs, part?.Count ?? set.Items.Count) : options;
        var statePath = Path.Combine(Directory.CreateDirectory(folder).FullName, StateFile);
        var baseSha256 = options.Lora is null ? null : BaseHash(model);
        var settings = JsonSerializer.Serialize(Settings(model, set, trained, baseSha256));
        using var state = new TrainingState(model, trained);
        if (File.Exists(statePath))
            state.Load(statePath, settings);

        using var inputs = new TrainingInputs(set, shapes);
        using var steps = new TrainingSteps(load, state, Batches(set, part), inputs, trained, threads);
        var smoothedLoss = double.NaN;
        while (state.Step < trained.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                steps.ReadLosses();
                state.Save(statePath, settings);
                cancellation.ThrowIfCancellationRequested();
            }

            foreach (var loss in steps.Advance())
                smoothedLoss = Smoothed(smoothedLoss, loss);
            if (IsKeptAfter(state.Step, trained))
                foreach (var loss in steps.ReadLosses())
                    smoothedLoss = Smoothed(smoothedLoss, loss);
            var detail = "loss " + smoothedLoss.ToString("0.00000", CultureInfo.InvariantCulture);
            progress?.Report(new("training", state.Step, trained.Steps, detail));
            if (trained.KeepsAfter(state.Step))
                Keep(state, trained, model, folder, halfPrecision);
            if (trained.KeepsStateAfter(state.Step))
                state.Save(KeptState.PathIn(folder), settings);
            if (state.Step % trained.CheckpointEvery == 0 && state.Step < trained.Steps)
                state.Save(statePath, settings);
        }

        state.CopyAverageTo(model);
        ((ITrainable)model).Save(folder, halfPrecision);
        var record = TrainingRecord.Of(set, model.TakesCaptions(), trained, part);
        (record with { BaseSha256 = baseSha256 }).Write(folder);
        File.Delete(statePath);
        return trained;
    }

    /// <summary>
    /// Computes the first step's gradient and drops it: kernels are compiled then, which two threads must not do at
    /// once (see <see cref="Torch.Workers"/>).
    /// </summary>
    internal void Compile()
    {
        using var model = load();
        var set = read(model);
        using var state = new TrainingState(model, options);
        using var inputs = new TrainingInputs(set, new(model, set.Resize));
        using var gradients = new BatchGradients(load, state, Batches(set, Part(set)), inputs, options, threads: 1);
        var (loss, gradient) = gradients.Of(0);
        loss.Dispose();
        gradient.Dispose();
    }

    private static double Smoothed(double before, double loss) =>
        double.IsNaN(before) ? loss : 0.98 * before + 0.02 * loss;

    // Nothing is written before the losses that led to it are known to be finite.
    private static bool IsKeptAfter(int step, TrainingOptions options) =>
        options.KeepsAfter(step)
        || options.KeepsStateAfter(step)
        || step % options.CheckpointEvery == 0
        || step == options.Steps;

    private IReadOnlyList<TrainingItem>? Part(TrainingSet set) =>
        pictures ?? (options.Part is { } fraction ? TrainingPart.Draw(set, fraction, options.PartSeed) : null);

    private TrainingBatches Batches(TrainingSet set, IReadOnlyList<TrainingItem>? part) =>
        new(set, new NoiseSource(options.Seed), options.BatchSize, part);

    private static void Keep(
        TrainingState state,
        TrainingOptions options,
        IDiffusionModel model,
        string folder,
        bool halfPrecision
    )
    {
        var checkpoint = new TrainingCheckpoint(
            TrainingCheckpoint.FolderOf(folder, state.Step),
            state.Step,
            options.Steps,
            options.LearningRateAt(state.Step)
        );
        state.CopyAverageTo(model);
        ((ITrainable)model).Save(Directory.CreateDirectory(checkpoint.Folder).FullName, halfPrecision);
        state.SaveSecondMoments(checkpoint.SecondMoments, options.Beta2);
        checkpoint.WriteInfo();
    }

    // What a resumed run must agree on. A setting added later must be null where it changes nothing.
    private object Settings(IDiffusionModel model, TrainingSet set, TrainingOptions options, string? baseSha256) =>
        new
        {
            options.Steps,
            options.BatchSize,
            options.ShardSize,
            options.LearningRate,
            options.Beta2,
            options.WeightDecay,
            options.WarmupSteps,
            options.FinalLearningRate,
            options.GradientClip,
            options.EmaDecay,
            LossWeight = options.LossWeight?.ToString(),
            options.MinSnrGamma,
            NoiseOffset = NullIfZero(options.NoiseOffset),
            CaptionDropout = NullIfZero(options.CaptionDropout),
            Lora = options.Lora?.ToString(),
            BaseModel = baseSha256,
            options.Keep,
            options.KeepState,
            options.Seed,
            options.Part,
            PartSeed = options.Part is null ? (long?)null : options.PartSeed,
            Pictures = pictures is null ? null : MerkleRoot.Compute(pictures),
            Dataset = MerkleRoot.Compute(set.Items),
            Resize = TrainedDataset.ResizeOf(set),
            Captions = model.TakesCaptions() ? CaptionHash.Compute(set) : null,
            Parameters = TrainedParameters.Of(model).Sum(parameter => parameter.Tensor.numel()),
        };

    private static double? NullIfZero(double value) => value == 0 ? null : value;
}
