using System.Runtime.ExceptionServices;
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
        var failures = new Exception?[pictures.Count + workers];
        var (next, done, stop) = (-1, 0, false);

        void Work(int worker)
        {
            var current = pictures.Count + worker;
            try
            {
                TorchThreads.Use(1);
                using var model = load();
                using var extractor = new GradientExtractor(model, options);
                while (!Volatile.Read(ref stop) && (current = Interlocked.Increment(ref next)) < pictures.Count)
                {
                    features[current] = Extract(extractor, model, pictures[current], cancellation);
                    if (extractor.SlowBecause is { } reason) SlowBecause = reason;
                    progress?.Report(new("computing gradients", Interlocked.Increment(ref done), pictures.Count));
                }
            }
#pragma warning disable CA1031 // Carried to the calling thread below.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures[current] = e;
                Volatile.Write(ref stop, true);
            }
        }

        NativeHeap.Keep();
        var threads = Enumerable.Range(0, Math.Clamp(pictures.Count, 1, workers)).Select(worker => new Thread(() => Work(worker)) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        NativeHeap.Return();
        if (failures.FirstOrDefault(failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
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
}
