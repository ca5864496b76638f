using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Features of many pictures: one worker a thread, each with its own copy of the model, each operation on one thread, one picture at a
/// time. Hence the result does not depend on the number of workers or on the other pictures.
/// </summary>
/// <param name="load">Loads an independent copy of the model.</param>
/// <param name="options">How gradients are taken.</param>
/// <param name="workers">Number of worker threads, at least 1; a model on another device than the processor has one whatever this says.</param>
public sealed class FeatureEngine(Func<IDiffusionModel> load, GradientOptions options, int workers)
{
    /// <summary>
    /// Why gradients were taken one sample at a time by automatic differentiation, several times slower and equally right; null if that was
    /// not necessary. Known once <see cref="Run"/> returned.
    /// </summary>
    public string? SlowBecause { get; private set; }

    /// <summary>Computes the features of every picture.</summary>
    /// <returns>The features, in the order of the pictures.</returns>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyList<PictureFeatures> Compute(
        IReadOnlyList<FeaturePicture> pictures,
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
    /// <param name="pictures">The pictures.</param>
    /// <param name="done">Given the position of a picture and its features, in any order, on a worker thread but never on two at once.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">A picture cannot be read, a gradient is not finite or zero, or the memory does not suffice.</exception>
    public void Run(
        IReadOnlyList<FeaturePicture> pictures,
        Action<int, PictureFeatures> done,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(done);
        if (pictures.Count == 0)
            return;
        var (gate, count) = (new Lock(), 0);
        RunWorkers(
            pictures[0].Condition,
            _ => pictures.Count,
            (worker, index, rows) =>
            {
                var features = worker.Extract(pictures[index], rows, cancellation);
                lock (gate)
                {
                    SlowBecause = worker.SlowBecause ?? SlowBecause;
                    done(index, features);
                    progress?.Report(new("computing gradients", ++count, pictures.Count));
                }
            }
        );
    }

    /// <summary>Measures what features will cost, by three batches of noise a worker after as many that do not count.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">The memory does not suffice, or the model's gradients are not finite or zero.</exception>
    public FeatureCost Measure(Condition? condition, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        var (start, copies) = (Stopwatch.StartNew(), 0);
        // The first batches of a worker find no memory to use again and are slow.
        var plan = RunWorkers(
            condition,
            workers => 6 * (copies = workers),
            (worker, index, rows) =>
            {
                cancellation.ThrowIfCancellationRequested();
                if (index == 0)
                    start.Stop();
                var watch = Stopwatch.StartNew();
                var part = worker.ExtractBatch(condition, rows);
                lock (seconds)
                {
                    if (index >= 3 * copies)
                        seconds.Add(watch.Elapsed.TotalSeconds / part);
                }
            }
        );
        return plan with
        {
            SecondsPerPicture = seconds.Order().ElementAt(seconds.Count / 2) / copies,
            StartSeconds = start.Elapsed.TotalSeconds,
        };
    }

    private FeatureCost RunWorkers(Condition? condition, Func<int, int> jobs, Action<Worker, int, int> run)
    {
        NativeHeap.Keep();
        Worker? first = null;
        try
        {
            TorchThreads.Use(1);
            first = new(load(), options);
            var needs = first.Prepare(condition);
            var (rows, copies) = needs.Fit(first.Device, workers, options.Memory);
            var cost = new FeatureCost(
                0,
                0,
                copies * (needs.Fixed + first.LargestBatch(rows) * needs.PerRow),
                first.FeatureBytes,
                copies,
                rows
            );
            Workers.Run(
                () => Interlocked.Exchange(ref first, null) ?? New(condition),
                copies,
                jobs(copies),
                (worker, index) => run(worker, index, rows)
            );
            return cost;
        }
        finally
        {
            first?.Dispose();
            NativeHeap.Return();
        }
    }

    private Worker New(Condition? condition)
    {
        var worker = new Worker(load(), options);
        worker.Prepare(condition);
        return worker;
    }

    private sealed class Worker(IDiffusionModel model, GradientOptions options) : IDisposable
    {
        private readonly GradientExtractor _extractor = new(model, options);

        public string? SlowBecause => _extractor.SlowBecause;

        public int LargestBatch(int rows) => _extractor.LargestBatch(rows);

        public long FeatureBytes => _extractor.FeatureBytes;

        public DeviceType Device => model.Network.parameters().First().device_type;

        public BatchMemory Prepare(Condition? condition)
        {
            using var scope = NewDisposeScope();
            return _extractor.Prepare(Encode(condition));
        }

        public double ExtractBatch(Condition? condition, int rows)
        {
            using var scope = NewDisposeScope();
            var shape = model.SampleShape;
            var clean = zeros(
                [1, shape.Channels, shape.Height, shape.Width],
                device: model.Network.parameters().First().device
            );
            return _extractor.ExtractBatch(clean, Encode(condition), rows);
        }

        public PictureFeatures Extract(FeaturePicture picture, int rows, CancellationToken cancellation)
        {
            using var scope = NewDisposeScope();
            var shape = model.PictureShape;
            Tensor clean;
            using (no_grad())
            {
                var device = model.Network.parameters().First().device;
                clean = picture.Trajectory is { } steps
                    ? stack(
                            steps.Select(step =>
                                tensor(
                                    step,
                                    [model.SampleShape.Channels, model.SampleShape.Height, model.SampleShape.Width]
                                )
                            )
                        )
                        .to(device)
                    : model.Encode(tensor(picture.Read(), [1, shape.Channels, shape.Height, shape.Width]).to(device));
            }

            return _extractor.Extract(picture.Name, clean, Encode(picture.Condition), rows, cancellation);
        }

        public void Dispose()
        {
            _extractor.Dispose();
            model.Dispose();
        }

        private Tensor? Encode(Condition? condition) =>
            model is IConditioned conditioned && condition is { } wanted
                ? conditioned.EncodeConditions([wanted])
                : null;
    }
}
