namespace DasAudit.Core.Diffusion;

/// <summary>How pictures are generated.</summary>
public sealed record GeneratorOptions
{
    /// <summary>Number of inference steps, 1 … T. Default 50.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>The sampler. Default DDIM.</summary>
    public SamplerKind Sampler { get; init; } = SamplerKind.Ddim;

    /// <summary>DDIM's η: 0 (default) deterministic … 1.</summary>
    public double Eta { get; init; }

    internal ISampler CreateSampler(IDiffusionModel model)
    {
        var process = DiscreteProcess.Of(model);
        return Sampler == SamplerKind.Ddim
            ? new DdimSampler(process.Schedule, process.PredictionType, model.Sampling, Steps, Eta)
            : new DdpmSampler(process.Schedule, process.PredictionType, model.Sampling, Steps);
    }
}
