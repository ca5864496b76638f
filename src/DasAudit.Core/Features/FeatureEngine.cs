using DasAudit.Core.Files;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using TorchSharp;
using static DasAudit.Core.Gradients.GradientPrecision;

namespace DasAudit.Core.Features;

/// <summary>
/// Features of many pictures. On a processor there is one worker a thread, each with its own copy of the model, each
/// operation on one thread, one picture at a time; elsewhere batches hold passes of many pictures, always of one
/// size. Hence the result does not depend on the number of workers or on the other pictures; where a device makes the
/// last bits depend on them, <see cref="Notes"/> say so.
/// </summary>
/// <param name="pool">Copies of the model; stays the caller's.</param>
/// <param name="options">How gradients are taken.</param>
/// <param name="threads">Worker threads, at least 1; a device other than the processor has one.</param>
public sealed class FeatureEngine(ModelPool pool, GradientOptions options, int threads)
{
    /// <summary>
    /// Whether batches hold passes of many pictures: null for what suits the model's device. Tests of the engine for
    /// other devices run it on the processor.
    /// </summary>
    internal bool? TakesManyPictures { get; init; }

    /// <summary>Why <see cref="Run"/> took gradients one at a time (as right, slower); null if it did not.</summary>
    public string? SlowBecause { get; private set; }

    /// <summary>What a reader of the features that <see cref="Run"/> computed should know of it.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Computes the features of every picture, in the order of the pictures.</summary>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyList<PictureFeatures> Compute(
        IReadOnlyList<ModelPicture> pictures,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var features = new PictureFeatures[pictures.Count];
        Run(pictures, (index, feature) => features[index] = feature, progress, cancellation);
        return features;
    }

    /// <summary>Computes the features of every picture and hands them out.</summary>
    /// <param name="done">Given a picture's position and features, in any order, by one thread at a time.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">A picture is unreadable, a gradient useless, the memory too little.</exception>
    public void Run(
        IReadOnlyList<ModelPicture> pictures,
        Action<int, PictureFeatures> done,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(done);
        if (pictures.Count == 0)
            return;
        using var numbers = UseNumbers();
        if (RunOnDevice(pictures, done, progress, cancellation))
            return;
        using var workers = Start(pictures[0].Condition);
        workers.ForEach(
            "computing gradients",
            pictures,
            (worker, picture) => worker.Extract(picture, workers.Rows, cancellation),
            (index, features, worker) =>
            {
                SlowBecause = worker.SlowBecause ?? SlowBecause;
                done(index, features);
            },
            progress
        );
    }

    /// <summary>Measures what features will cost, by a few batches of noise on every worker at once.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">The memory does not suffice, or the model's gradients are useless.</exception>
    public FeatureCost Measure(Condition? condition, CancellationToken cancellation)
    {
        using var numbers = UseNumbers();
        using (var devices = StartOnDevice(condition))
        {
            if (devices is { First.Fault: null })
            {
                var ofDevice = devices.Time(worker => worker.RunBatch(condition, devices.Rows), cancellation);
                return FeatureCost.Of(devices, ofDevice, devices.First.FeatureBytes);
            }
        }
        using var workers = Start(condition);
        var seconds = workers.Time(worker => worker.ExtractBatch(condition, workers.Rows), cancellation);
        return FeatureCost.Of(workers, seconds, workers.First.FeatureBytes);
    }

    // Whether it could be done so.
    private bool RunOnDevice(
        IReadOnlyList<ModelPicture> pictures,
        Action<int, PictureFeatures> done,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var workers = StartOnDevice(pictures[0].Condition);
        if (workers is null)
            return false;
        if (workers.First.Fault is { } fault)
        {
            progress.Notify([$"Pictures are taken one at a time, which is slow on this device, because {fault}."]);
            return false;
        }
        var finished = 0;
        workers.First.Run(
            pictures,
            workers.Rows,
            (index, features) =>
            {
                done(index, features);
                finished++;
                progress?.Report(new("computing gradients", finished, pictures.Count));
            },
            cancellation
        );
        Notes = workers.First.Notes;
        progress.Notify(Notes);
        return true;
    }

    private ModelWorkers<DeviceExtractor>? StartOnDevice(Condition? condition)
    {
        if (!DeviceExtractor.Supports(options.Projection) || !DeviceType.TakesManyPictures(TakesManyPictures))
            return null;
        try
        {
            return new(
                pool,
                () => pool.Lend(copy => new DeviceExtractor(copy, options), toChange: options.Precision != Full),
                condition,
                threads: 1,
                options.Memory
            );
        }
        catch (LayerNotSupportedException)
        {
            // The engine of single pictures says what it means.
            return null;
        }
    }

    private DeviceNumbers? UseNumbers() =>
        options.Precision == TensorFloat32 ? DeviceNumbers.UseTensorFloat32(DeviceType) : null;

    private DeviceType DeviceType
    {
        get
        {
            using var copy = pool.Rent();
            return copy.Model.Device().type;
        }
    }

    private ModelWorkers<GradientExtractor> Start(Condition? condition) =>
        new(
            pool,
            () => pool.Lend(copy => new GradientExtractor(copy, options), toChange: options.Precision != Full),
            condition,
            threads,
            options.Memory
        );
}
