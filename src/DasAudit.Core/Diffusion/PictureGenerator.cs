using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>Makes pictures from seeds, each independent of the other seeds and the threads.</summary>
/// <param name="pool">Copies of the model; stays the caller's.</param>
/// <param name="options">Sampler and number of steps.</param>
/// <param name="threads">Worker threads, at least 1; a device other than the processor has one.</param>
public sealed class PictureGenerator(ModelPool pool, GeneratorOptions options, int threads)
{
    // Bytes of weights; a batch of few pictures by such a model fills a GPU.
    private const long LargeModel = 256L << 20;
    private const int ManyPictures = 64;
    private const int FewPictures = 4;

    /// <summary>
    /// Whether several pictures are made at once: null for what suits the model's device. Tests do it on the processor.
    /// </summary>
    internal bool? TakesManyPictures { get; init; }

    /// <summary>Generates one picture a seed, in the order of the seeds.</summary>
    /// <param name="seeds">Each decides the initial noise and the noise of every stochastic step.</param>
    /// <param name="condition">Class or text; both null for an unconditional model.</param>
    /// <param name="progress">Told of what the model leaves open and of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="AuditException">The model does not know such a condition, or guidance.</exception>
    public IReadOnlyList<Picture> Generate(
        IReadOnlyList<long> seeds,
        Condition condition,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var pictures = new Picture[seeds.Count];
        var counter = new StageCounter(progress, "generating pictures", seeds.Count);
        if (seeds.Count == 0)
            return pictures;
        using (var copy = pool.Rent())
        {
            var notices = GuidedCondition.Check(copy.Model, condition);
            var guided = GuidedCondition.Of(copy.Model, condition, options);
            progress.Notify(copy.Model.Assumptions);
            progress.Notify(copy.Model.Sampling.Note is { } note ? [note, .. notices] : notices);
            progress.Notify(guided.Notes(copy.Model));
        }
        var (workers, together) = Work();
        var batches = Enumerable.Range(0, seeds.Count).Chunk(together).ToList();
        Workers.Run(
            pool.Rent,
            workers,
            batches.Count,
            (copy, number) =>
            {
                var batch = batches[number];
                // Filled up, so that a picture does not depend on how many others there are.
                var filled = batch.Concat(Enumerable.Repeat(batch[^1], together - batch.Length));
                List<long> seedsOfBatch = [.. filled.Select(index => seeds[index])];
                var generated = Generate(copy.Model, options, seedsOfBatch, condition, cancellation);
                foreach (var (place, index) in batch.Index())
                    pictures[index] = generated[place];
                counter.Add(batch.Length);
            }
        );
        return pictures;
    }

    /// <summary>
    /// What the picture of a seed was made with, as AUTOMATIC1111's web UI writes it into PNG files; null for a model
    /// that is not conditioned on text.
    /// </summary>
    /// <param name="condition">As the picture was made with.</param>
    /// <param name="mentioned">What is said of the model; asked for if needed.</param>
    public string? Describe(long seed, Condition condition, Lazy<MentionedModel> mentioned)
    {
        ArgumentNullException.ThrowIfNull(mentioned);
        using var copy = pool.Rent();
        if (copy.Model is not IConditioned { Kind: ConditionKind.Text })
            return null;
        var guided = GuidedCondition.Of(copy.Model, condition, options);
        return PictureParameters.Of(copy.Model, guided, options, seed, mentioned.Value);
    }

    /// <summary>Generates the picture of a seed once more and keeps what each step predicted.</summary>
    /// <param name="condition">As the picture was made with.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public SamplingTrajectory Trace(long seed, Condition condition, CancellationToken cancellation)
    {
        using var copy = pool.Rent();
        var steps = new SortedDictionary<int, float[]>();
        var picture = Generate(
            copy.Model,
            options,
            seed,
            condition,
            cancellation,
            (timestep, clean) => steps[timestep] = clean.cpu().contiguous().data<float>().ToArray()
        );
        return new(picture, [.. steps.Keys], [.. steps.Values]);
    }

    // How many workers there are, and how many pictures each makes at once: always as many for a model on a device.
    private (int Workers, int Together) Work()
    {
        using var copy = pool.Rent();
        var device = copy.Model.Device().type;
        var workers = Workers.On(device, threads);
        if (!device.TakesManyPictures(TakesManyPictures))
            return (workers, 1);
        return (workers, copy.Model.WeightBytes < LargeModel ? ManyPictures : FewPictures);
    }

    /// <summary>Generates the picture of a seed by a model that no other thread uses.</summary>
    /// <param name="follow">Told of each step's timestep and of the clean sample that it predicts.</param>
    internal static Picture Generate(
        IDiffusionModel model,
        GeneratorOptions options,
        long seed,
        Condition condition,
        CancellationToken cancellation,
        Action<int, Tensor>? follow = null
    ) => Generate(model, options, [seed], condition, cancellation, follow)[0];

    private static List<Picture> Generate(
        IDiffusionModel model,
        GeneratorOptions options,
        IReadOnlyList<long> seeds,
        Condition condition,
        CancellationToken cancellation,
        Action<int, Tensor>? follow = null
    )
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        List<NoiseSource> sources = [.. seeds.Select(seed => new NoiseSource(seed))];
        var denoising = new Denoising(model, GuidedCondition.Of(model, condition, options), options);
        var samples = denoising.Run(denoising.Start(sources), sources, follow, cancellation);
        var pictures = new List<Picture>();
        foreach (var sample in samples.split(1))
        {
            var decoded = model.Decode(sample).squeeze(0).cpu().contiguous();
            pictures.Add(PictureTensor.ToPicture(decoded.data<float>().ToArray(), model.PictureShape));
        }
        return pictures;
    }
}
