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
    /// <summary>Generates one picture a seed, in the order of the seeds.</summary>
    /// <param name="seeds">Each decides the initial noise and the noise of every stochastic step.</param>
    /// <param name="condition">Class or text; ignored by an unconditional model.</param>
    /// <param name="progress">Told of what the model leaves open and of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public IReadOnlyList<Picture> Generate(
        IReadOnlyList<long> seeds,
        Condition condition,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var pictures = new Picture[seeds.Count];
        var finished = 0;
        if (seeds.Count == 0)
            return pictures;
        using (var copy = pool.Rent())
        {
            progress.Notify(copy.Model.Assumptions);
            if (copy.Model.Sampling.Note is { } note)
                progress.Notify([note]);
        }
        Workers.Run(
            pool.Rent,
            WorkerCount(),
            seeds.Count,
            (copy, index) =>
            {
                pictures[index] = Generate(copy.Model, seeds[index], condition, cancellation);
                progress?.Report(new("generating pictures", Interlocked.Increment(ref finished), seeds.Count));
            }
        );
        return pictures;
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
            seed,
            condition,
            cancellation,
            (timestep, clean) => steps[timestep] = clean.cpu().contiguous().data<float>().ToArray()
        );
        return new(picture, [.. steps.Keys], [.. steps.Values]);
    }

    private int WorkerCount()
    {
        using var copy = pool.Rent();
        return Workers.On(copy.Model.Device().type, threads);
    }

    private Picture Generate(
        IDiffusionModel model,
        long seed,
        Condition condition,
        CancellationToken cancellation,
        Action<int, Tensor>? step = null
    )
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var device = model.Device();
        var noise = new NoiseSource(seed);
        var sampler = options.CreateSampler(model);
        var encoded = (model as IConditioned)?.EncodeConditions([condition]);

        var sample = noise.Normal(new(NoisePurpose.SamplingStart, 0, 0), model.SampleShape).unsqueeze(0).to(device);
        foreach (var timestep in InferenceTimesteps.Create(model.Sampling, model.Process.TrainTimesteps, options.Steps))
        {
            cancellation.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            var prediction = model.Predict(sample, tensor(new long[] { timestep }, device: device), encoded);
            var stepNoise = sampler.IsStochastic(timestep)
                ? noise.Normal(new(NoisePurpose.SamplingStep, timestep, 0), model.SampleShape).unsqueeze(0).to(device)
                : null;
            var (previous, clean) = sampler.Step(prediction, timestep, sample, stepNoise);
            step?.Invoke(timestep, clean);
            sample = previous.MoveToOuterDisposeScope();
        }

        var decoded = model.Decode(sample).squeeze(0).cpu().contiguous();
        return PictureTensor.ToPicture(decoded.data<float>().ToArray(), model.PictureShape);
    }
}
