namespace DasAudit.Core.Diffusion;

/// <summary>How pictures are generated.</summary>
public sealed record GeneratorOptions
{
    /// <summary>Number of inference steps, 1 … T. Default 50.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>The sampler. Default null: <see cref="SamplingSettings.Sampler"/> of the model.</summary>
    public SamplerKind? Sampler { get; init; }

    /// <summary>DDIM's η: 0 (default) deterministic … 1.</summary>
    public double Eta { get; init; }

    /// <summary>
    /// The scale of classifier-free guidance (Ho and Salimans, 2022); 1 is none. Default null:
    /// <see cref="SamplingSettings.Guidance"/> of the model.
    /// </summary>
    public double? Guidance { get; init; }

    /// <summary>
    /// The text that guidance leads away from. Default null: <see cref="IConditioned.Unconditional"/> of the model.
    /// </summary>
    public string? NegativePrompt { get; init; }

    internal SamplerKind SamplerOf(IDiffusionModel model) => Sampler ?? model.Sampling.Sampler;

    internal ISampler CreateSampler(IDiffusionModel model)
    {
        var process = DiscreteProcess.Of(model);
        var (schedule, type, settings) = (process.Schedule, process.PredictionType, model.Sampling);
        return SamplerOf(model) switch
        {
            SamplerKind.Ddim => new DdimSampler(schedule, type, settings, Steps, Eta),
            SamplerKind.Ddpm => new DdpmSampler(schedule, type, settings, Steps),
            SamplerKind.Euler => new EulerSampler(schedule, type, settings, Steps),
            _ => new DpmSolverSampler(schedule, type, settings, Steps),
        };
    }

    /// <summary>The training timesteps at, or next to, which a picture's sampling is followed, ascending.</summary>
    internal int[] Timesteps(IDiffusionModel model) =>
        [.. CreateSampler(model).Times.Select(time => (int)Math.Round(time)).Distinct().Order()];
}
