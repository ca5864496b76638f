using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// Trains a diffusion model on a training set: AdamW on the (weighted) mean squared error, with a moving average of the weights. The
/// result does not depend on the number of threads, nor on how often training was interrupted.
/// </summary>
/// <param name="load">Makes an independent untrained copy of the model; the same weights every time.</param>
/// <param name="set">The training set.</param>
/// <param name="options">Settings.</param>
/// <param name="threads">Worker threads, each with its own copy of the model.</param>
public sealed class Trainer(Func<IDiffusionModel> load, TrainingSet set, TrainingOptions options, int threads)
{
    private bool _compiled;

    /// <summary>The training state's file name in the output folder; it is there only while training is unfinished.</summary>
    public const string StateFile = "training-state.safetensors";

    /// <summary>
    /// Trains from where the output folder stands: from the start, or from the state that an interrupted run of the same settings left.
    /// When cancelled it writes its state first. In the end the averaged weights are written as a checkpoint, beside them what
    /// they were trained on (<see cref="TrainingRecord"/>), and the state is removed.
    /// </summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="halfPrecision">Write the checkpoint's weights as float16.</param>
    /// <param name="progress">Told of every step, with the smoothed loss; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="AuditException">The model cannot be trained, the training set has no parts, the loss is no longer finite, or the folder holds another run.</exception>
    public void Train(
        string folder,
        bool halfPrecision,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var model = load();
        if (model is not ITrainable trainable)
            throw new AuditException(
                "This model's adapter cannot train; use a model of another family, such as a diffusers UNet2DModel."
            );
        var part = options.Part is { } fraction ? TrainingPart.Draw(set, fraction, options.PartSeed) : null;
        var statePath = Path.Combine(Directory.CreateDirectory(folder).FullName, StateFile);
        var settings = JsonSerializer.Serialize(Settings(model));
        using var state = new TrainingState(model.Network, options);
        if (File.Exists(statePath))
            state.Load(statePath, settings);

        var batches = new TrainingBatches(set, model, new NoiseSource(options.Seed), options.BatchSize, part);
        var copies = new ConcurrentBag<IDiffusionModel>(Enumerable.Range(0, threads).Select(_ => load()));
        try
        {
            Run(
                state,
                batches,
                copies,
                () => state.Save(statePath, settings),
                () => Keep(state, model, folder, halfPrecision),
                progress,
                cancellation
            );
        }
        finally
        {
            foreach (var copy in copies)
                copy.Dispose();
        }

        state.CopyAverageTo(model.Network);
        trainable.Save(folder, halfPrecision);
        TrainingRecord.Of(set, options, part).Write(folder);
        File.Delete(statePath);
    }

    private void Run(
        TrainingState state,
        TrainingBatches batches,
        ConcurrentBag<IDiffusionModel> copies,
        Action save,
        Action keep,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        foreach (var copy in copies)
        {
            copy.Network.train();
            state.CopyWeightsTo(copy.Network);
        }

        var smoothed = double.NaN;
        while (state.Step < options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                save();
                cancellation.ThrowIfCancellationRequested();
            }

            using var scope = NewDisposeScope();
            var (loss, gradient) = BatchGradient(batches, copies, state.Step);
            if (!double.IsFinite(loss) || !double.IsFinite(state.Advance(gradient, options)))
                throw new AuditException(
                    $"The training loss stopped being finite at step {state.Step}; lower --learning-rate."
                );
            foreach (var copy in copies)
                state.CopyWeightsTo(copy.Network);

            smoothed = double.IsNaN(smoothed) ? loss : 0.98 * smoothed + 0.02 * loss;
            progress?.Report(
                new(
                    "training",
                    state.Step,
                    options.Steps,
                    "loss " + smoothed.ToString("0.00000", CultureInfo.InvariantCulture)
                )
            );
            if (options.KeepsAfter(state.Step))
                keep();
            if (state.Step % options.CheckpointEvery == 0 && state.Step < options.Steps)
                save();
        }
    }

    private void Keep(TrainingState state, IDiffusionModel model, string folder, bool halfPrecision)
    {
        var checkpoint = new TrainingCheckpoint(
            TrainingCheckpoint.FolderOf(folder, state.Step),
            state.Step,
            options.Steps,
            options.LearningRateAt(state.Step)
        );
        state.CopyAverageTo(model.Network);
        ((ITrainable)model).Save(Directory.CreateDirectory(checkpoint.Folder).FullName, halfPrecision);
        state.SaveSecondMoments(model.Network, checkpoint.SecondMoments, options.Beta2);
        checkpoint.WriteInfo();
    }

    private (double Loss, Tensor Gradient) BatchGradient(
        TrainingBatches batches,
        ConcurrentBag<IDiffusionModel> copies,
        int step
    )
    {
        var samples = batches.Samples(step);
        using var pictures = batches.Pictures(samples);
        var shards = samples.Chunk(ShardGradient.Size).ToArray();
        var results = new (double Loss, Tensor Gradient)[shards.Length];
        // Dropout draws from libtorch's one global generator, so its shards run in order, each from its own seed. The first step runs in order
        // because oneDNN must not compile its kernels in two threads at once (see Workers).
        var inOrder = !_compiled || UsesDropout(copies);
        _compiled = true;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = inOrder ? 1 : threads };
        void Compute(int shard)
        {
            TorchThreads.Use(1);
            if (inOrder)
                random.manual_seed((options.Seed * 1_000_003 + step) * 1009 + shard);
            if (!copies.TryTake(out var copy))
                throw new InvalidOperationException("More shards run at once than there are copies of the model.");
            try
            {
                using var slice = pictures.narrow(0, shard * ShardGradient.Size, shards[shard].Length);
                var (loss, gradient) = ShardGradient.Compute(copy, shards[shard], slice, options);
                results[shard] = (loss, gradient.DetachFromDisposeScope());
            }
            finally
            {
                copies.Add(copy);
            }
        }

        try
        {
            Parallel.For(0, shards.Length, parallel, Compute);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        TorchThreads.Use(1);
        var sum = results[0].Gradient;
        foreach (var (_, gradient) in results.Skip(1))
        {
            sum.add_(gradient);
            gradient.Dispose();
        }

        return (results.Sum(result => result.Loss), sum.MoveToOuterDisposeScope());
    }

    private static bool UsesDropout(IEnumerable<IDiffusionModel> copies) =>
        copies.First().Network.modules().Any(module => module is TorchSharp.Modules.Dropout { p: > 0 });

    private object Settings(IDiffusionModel model) =>
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
            options.Keep,
            options.Seed,
            options.Part,
            PartSeed = options.Part is null ? (long?)null : options.PartSeed,
            Dataset = MerkleRoot.Compute(set.Items),
            Parameters = model.Network.parameters().Sum(p => p.numel()),
        };
}
