using System.Globalization;
using System.Text.Json;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using static TorchSharp.torch;

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
    /// Trains from the start, or from the state left by an interrupted run of the same settings; cancelling writes it.
    /// The end writes the averaged weights as a checkpoint with a <see cref="TrainingRecord"/> and removes the state.
    /// </summary>
    /// <param name="halfPrecision">Write the checkpoint's weights as float16.</param>
    /// <param name="progress">Told of every step, with the smoothed loss; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="AuditException">The model, set or folder does not fit, or the loss is not finite.</exception>
    public void Train(
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
        var shapes = new PictureShapes(model, set.Resize);
        if (model.TakesCaptions())
            progress.Notify([.. CaptionRequirement.Check(set), .. CaptionNotes.Of(model, set)]);
        var part = Part(set);
        var statePath = Path.Combine(Directory.CreateDirectory(folder).FullName, StateFile);
        var baseSha256 = options.Lora is null ? null : BaseHash(model);
        var settings = JsonSerializer.Serialize(Settings(model, set, baseSha256));
        using var state = new TrainingState(model, options);
        if (File.Exists(statePath))
            state.Load(statePath, settings);

        using var inputs = new TrainingInputs(set, shapes);
        using var gradients = new BatchGradients(load, Batches(set, part), inputs, options, threads);
        gradients.UseWeights(state);
        var smoothedLoss = double.NaN;
        while (state.Step < options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                state.Save(statePath, settings);
                cancellation.ThrowIfCancellationRequested();
            }

            using var scope = NewDisposeScope();
            var loss = Advance(state, gradients);
            smoothedLoss = double.IsNaN(smoothedLoss) ? loss : 0.98 * smoothedLoss + 0.02 * loss;
            var detail = "loss " + smoothedLoss.ToString("0.00000", CultureInfo.InvariantCulture);
            progress?.Report(new("training", state.Step, options.Steps, detail));
            if (options.KeepsAfter(state.Step))
                Keep(state, model, folder, halfPrecision);
            if (options.KeepsStateAfter(state.Step))
                state.Save(KeptState.PathIn(folder), settings);
            if (state.Step % options.CheckpointEvery == 0 && state.Step < options.Steps)
                state.Save(statePath, settings);
        }

        state.CopyAverageTo(model);
        ((ITrainable)model).Save(folder, halfPrecision);
        var record = TrainingRecord.Of(set, model.TakesCaptions(), options, part);
        (record with { BaseSha256 = baseSha256 }).Write(folder);
        File.Delete(statePath);
    }

    /// <summary>
    /// Computes the first step's gradient and drops it: kernels are compiled then, which two threads must not do at
    /// once (see <see cref="Torch.Workers"/>).
    /// </summary>
    internal void Compile()
    {
        using var scope = NewDisposeScope();
        using var model = load();
        var set = read(model);
        using var inputs = new TrainingInputs(set, new(model, set.Resize));
        using var gradients = new BatchGradients(load, Batches(set, Part(set)), inputs, options, threads: 1);
        gradients.Of(0);
    }

    private IReadOnlyList<TrainingItem>? Part(TrainingSet set) =>
        pictures ?? (options.Part is { } fraction ? TrainingPart.Draw(set, fraction, options.PartSeed) : null);

    private TrainingBatches Batches(TrainingSet set, IReadOnlyList<TrainingItem>? part) =>
        new(set, new NoiseSource(options.Seed), options.BatchSize, part);

    private double Advance(TrainingState state, BatchGradients gradients)
    {
        var (loss, gradient) = gradients.Of(state.Step);
        if (!double.IsFinite(loss) || !double.IsFinite(state.Advance(gradient, options)))
            throw new AuditException(
                $"The training loss stopped being finite at step {state.Step}; "
                    + $"lower {Files.Settings.Name("learning-rate")}."
            );
        gradients.UseWeights(state);
        return loss;
    }

    private void Keep(TrainingState state, IDiffusionModel model, string folder, bool halfPrecision)
    {
        var checkpoint = new TrainingCheckpoint(
            TrainingCheckpoint.FolderOf(folder, state.Step),
            state.Step,
            options.Steps,
            options.LearningRateAt(state.Step)
        );
        state.CopyAverageTo(model);
        ((ITrainable)model).Save(Directory.CreateDirectory(checkpoint.Folder).FullName, halfPrecision);
        state.SaveSecondMoments(model, checkpoint.SecondMoments, options.Beta2);
        checkpoint.WriteInfo();
    }

    // What a resumed run must agree on. A setting added later must be null where it changes nothing.
    private object Settings(IDiffusionModel model, TrainingSet set, string? baseSha256) =>
        new
        {
            options.Steps,
            options.BatchSize,
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
            Parameters = TrainedParameters.Of(model).Sum(trained => trained.Tensor.numel()),
        };

    private static double? NullIfZero(double value) => value == 0 ? null : value;
}
