using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>Makes pictures from seeds: the picture of a seed does not depend on the others generated with it.</summary>
public static class PictureGenerator
{
    /// <summary>Generates one picture.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="seed">Decides the initial noise and the noise of every stochastic step.</param>
    /// <param name="options">Sampler and number of steps.</param>
    /// <param name="condition">Class or text; null for an unconditional model.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>float32 [C, H, W], nominally in [−1, 1]; the caller disposes it.</returns>
    public static Tensor Generate(IDiffusionModel model, long seed, GeneratorOptions options, Condition? condition, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var device = model.Network.parameters().First().device;
        var noise = new NoiseSource(seed);
        var sampler = options.CreateSampler(model);
        var encoded = model is IConditioned conditioned && condition is not null ? conditioned.EncodeConditions([condition]) : null;

        var sample = noise.Normal(new(NoisePurpose.SamplingStart, 0, 0), model.SampleShape).unsqueeze(0).to(device);
        foreach (var timestep in InferenceTimesteps.Create(model.Sampling, model.Schedule.TrainTimesteps, options.Steps))
        {
            cancellation.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            var prediction = model.Predict(sample, tensor(new long[] { timestep }, device: device), encoded);
            var stepNoise = sampler.IsStochastic(timestep)
                ? noise.Normal(new(NoisePurpose.SamplingStep, timestep, 0), model.SampleShape).unsqueeze(0).to(device)
                : null;
            sample = sampler.Step(prediction, timestep, sample, stepNoise).Previous.MoveToOuterDisposeScope();
        }

        return model.Decode(sample).squeeze(0).cpu().MoveToOuterDisposeScope();
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

    internal ISampler CreateSampler(IDiffusionModel model) => Sampler == SamplerKind.Ddim
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
