using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>
/// Features of many pictures: one worker a thread, each with its own copy of the model, each operation on one thread, one picture at a
/// time. Hence the result does not depend on the number of workers or on the other pictures.
/// </summary>
/// <param name="load">Loads an independent copy of the model.</param>
/// <param name="options">How gradients are taken.</param>
/// <param name="workers">Number of worker threads, at least 1.</param>
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
    public IReadOnlyList<PictureFeatures> Compute(IReadOnlyList<FeaturePicture> pictures, IProgress<StageProgress>? progress, CancellationToken cancellation)
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
    public void Run(IReadOnlyList<FeaturePicture> pictures, Action<int, PictureFeatures> done, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(done);
        if (pictures.Count == 0) return;
        NativeHeap.Keep();
        var (gate, count) = (new Lock(), 0);
        Worker? first = new(load(), options);
        try
        {
            TorchThreads.Use(1);
            var budget = options.Memory is { } memory ? memory - Environment.WorkingSet : (long?)null;
            var (rows, copies) = first.Prepare(pictures[0]).Fit(workers, budget);
            Workers.Run(() => Interlocked.Exchange(ref first, null) ?? New(pictures[0]), copies, pictures.Count, (worker, index) =>
            {
                var features = worker.Extract(pictures[index], rows, cancellation);
                lock (gate)
                {
                    SlowBecause = worker.SlowBecause ?? SlowBecause;
                    done(index, features);
                    progress?.Report(new("computing gradients", ++count, pictures.Count));
                }
            });
        }
        finally
        {
            first?.Dispose();
            NativeHeap.Return();
        }
    }

    private Worker New(FeaturePicture picture)
    {
        var worker = new Worker(load(), options);
        worker.Prepare(picture);
        return worker;
    }

    private sealed class Worker(IDiffusionModel model, GradientOptions options) : IDisposable
    {
        private readonly GradientExtractor _extractor = new(model, options);

        public string? SlowBecause => _extractor.SlowBecause;

        public BatchMemory Prepare(FeaturePicture picture)
        {
            using var scope = NewDisposeScope();
            return _extractor.Prepare(Condition(picture));
        }

        public PictureFeatures Extract(FeaturePicture picture, int rows, CancellationToken cancellation)
        {
            using var scope = NewDisposeScope();
            var shape = model.PictureShape;
            Tensor clean;
            using (no_grad())
            {
                var device = model.Network.parameters().First().device;
                clean = model.Encode(tensor(picture.Read(), [1, shape.Channels, shape.Height, shape.Width]).to(device));
            }

            return _extractor.Extract(picture.Name, clean, Condition(picture), rows, cancellation);
        }

        public void Dispose()
        {
            _extractor.Dispose();
            model.Dispose();
        }

        private Tensor? Condition(FeaturePicture picture) =>
            model is IConditioned conditioned && picture.Condition is { } wanted ? conditioned.EncodeConditions([wanted]) : null;
    }
}
