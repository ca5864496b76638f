using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>Makes pictures from seeds. The picture of a seed does not depend on the others generated with it, nor on the number of threads.</summary>
/// <param name="load">Loads an independent copy of the model; each worker thread has its own.</param>
/// <param name="options">Sampler and number of steps.</param>
/// <param name="workers">Worker threads, at least 1; a model on another device than the processor has one whatever this says.</param>
public sealed class PictureGenerator(Func<IDiffusionModel> load, GeneratorOptions options, int workers)
{
    /// <summary>Generates one picture a seed.</summary>
    /// <param name="seeds">Each decides the initial noise and the noise of every stochastic step.</param>
    /// <param name="condition">Class or text; ignored by an unconditional model.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The pictures, in the order of the seeds.</returns>
    public IReadOnlyList<Picture> Generate(
        IReadOnlyList<long> seeds,
        Condition condition,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var pictures = new Picture[seeds.Count];
        var done = 0;
        if (seeds.Count == 0)
            return pictures;
        IDiffusionModel? first = load();
        try
        {
            var copies = Workers.On(first.Network.parameters().First().device_type, workers);
            Workers.Run(
                () => Interlocked.Exchange(ref first, null) ?? load(),
                copies,
                seeds.Count,
                (model, index) =>
                {
                    pictures[index] = Generate(model, seeds[index], condition, cancellation);
                    progress?.Report(new("generating pictures", Interlocked.Increment(ref done), seeds.Count));
                }
            );
        }
        finally
        {
            first?.Dispose();
        }

        return pictures;
    }

    /// <summary>Generates the picture of a seed once more and keeps what each step predicted.</summary>
    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="condition">As the picture was made with.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public SamplingTrajectory Trace(
        IDiffusionModel model,
        long seed,
        Condition condition,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        var steps = new SortedDictionary<int, float[]>();
        var picture = Generate(
            model,
            seed,
            condition,
            cancellation,
            (timestep, clean) => steps[timestep] = clean.cpu().contiguous().data<float>().ToArray()
        );
        return new(picture, [.. steps.Keys], [.. steps.Values]);
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
        var device = model.Network.parameters().First().device;
        var noise = new NoiseSource(seed);
        var sampler = options.CreateSampler(model);
        var encoded = (model as IConditioned)?.EncodeConditions([condition]);

        var sample = noise.Normal(new(NoisePurpose.SamplingStart, 0, 0), model.SampleShape).unsqueeze(0).to(device);
        foreach (
            var timestep in InferenceTimesteps.Create(model.Sampling, model.Schedule.TrainTimesteps, options.Steps)
        )
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

/// <summary>How pictures are generated.</summary>
public sealed record GeneratorOptions
{
    /// <summary>Number of inference steps, 1 … T. Default 50.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>The sampler. Default DDIM.</summary>
    public SamplerKind Sampler { get; init; } = SamplerKind.Ddim;

    /// <summary>DDIM's η: 0 (default) deterministic … 1.</summary>
    public double Eta { get; init; }

    internal ISampler CreateSampler(IDiffusionModel model) =>
        Sampler == SamplerKind.Ddim
            ? new DdimSampler(model.Schedule, model.PredictionType, model.Sampling, Steps, Eta)
            : new DdpmSampler(model.Schedule, model.PredictionType, model.Sampling, Steps);
}

/// <summary>The reverse process.</summary>
public enum SamplerKind
{
    /// <summary>Song et al., 2021.</summary>
    Ddim,

    /// <summary>Ho et al., 2020.</summary>
    Ddpm,
}
