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
    /// not necessary. Known once <see cref="Compute"/> returned.
    /// </summary>
    public string? SlowBecause { get; private set; }

    /// <summary>Computes the features of every picture.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each picture its R features, one a noise draw.</returns>
    /// <exception cref="AuditException">A picture cannot be read, or a gradient is not finite.</exception>
    public IReadOnlyList<PictureFeature[]> Compute(
        IReadOnlyList<FeaturePicture> pictures, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var features = new PictureFeature[pictures.Count][];
        var done = 0;
        NativeHeap.Keep();
        Workers.Run(() => new Worker(load(), options), workers, pictures.Count, (worker, index) =>
        {
            features[index] = Extract(worker.Extractor, worker.Model, pictures[index], cancellation);
            if (worker.Extractor.SlowBecause is { } reason) SlowBecause = reason;
            progress?.Report(new("computing gradients", Interlocked.Increment(ref done), pictures.Count));
        });
        NativeHeap.Return();
        return features;
    }

    private static PictureFeature[] Extract(GradientExtractor extractor, IDiffusionModel model, FeaturePicture picture, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var device = model.Network.parameters().First().device;
        Tensor clean;
        var shape = model.PictureShape;
        using (no_grad()) clean = model.Encode(tensor(picture.Read(), [1, shape.Channels, shape.Height, shape.Width]).to(device));
        var condition = model is IConditioned conditioned && picture.Condition is { } wanted ? conditioned.EncodeConditions([wanted]) : null;
        return extractor.Extract(picture.Name, clean, condition, cancellation);
    }

    private sealed class Worker(IDiffusionModel model, GradientOptions options) : IDisposable
    {
        public IDiffusionModel Model => model;

        public GradientExtractor Extractor { get; } = new(model, options);

        public void Dispose()
        {
            Extractor.Dispose();
            model.Dispose();
        }
    }
}
