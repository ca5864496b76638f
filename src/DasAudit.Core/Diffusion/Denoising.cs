using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>The way from noise to a clean sample on one copy of a model.</summary>
internal sealed class Denoising(IDiffusionModel model, GuidedCondition condition, GeneratorOptions options)
{
    private readonly ISampler _sampler = options.CreateSampler(model);

    /// <summary>Runs the sampler to its end; the caller disposes the clean samples [N, C, H, W].</summary>
    /// <param name="start">N(0, 1), [N, C, H, W].</param>
    /// <param name="sources">Of the noise of each sample's stochastic steps, N.</param>
    /// <param name="follow">Given each step's timestep, or the next to it, and the clean samples predicted.</param>
    public Tensor Run(
        Tensor start,
        IReadOnlyList<NoiseSource> sources,
        Action<int, Tensor>? follow,
        CancellationToken cancellation
    )
    {
        using var scope = NewDisposeScope();
        var encoded = condition.Encode(model, sources.Count);
        var sample = start * _sampler.InitialSigma;
        Tensor? earlierClean = null;
        for (var step = 0; step < _sampler.Times.Count; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            var time = _sampler.Times[step];
            var timestep = (int)Math.Round(time);
            var prediction = condition.Predict(
                model,
                _sampler.Input(step, sample),
                TimeTensor(time, sources.Count),
                encoded
            );
            var noise = _sampler.IsStochastic(step) ? Draw(sources, NoisePurpose.SamplingStep, timestep) : null;
            var (previous, clean) = _sampler.Step(step, new(sample, prediction, earlierClean, noise));
            follow?.Invoke(timestep, clean);
            sample.Dispose();
            earlierClean?.Dispose();
            sample = previous.MoveToOuterDisposeScope();
            earlierClean = clean.MoveToOuterDisposeScope();
        }

        return sample.MoveToOuterDisposeScope();
    }

    /// <summary>The noise that sampling starts from, [N, C, H, W]; the caller disposes it.</summary>
    public Tensor Start(IReadOnlyList<NoiseSource> sources) => Draw(sources, NoisePurpose.SamplingStart, 0);

    private Tensor Draw(IReadOnlyList<NoiseSource> sources, NoisePurpose purpose, int timestep)
    {
        using var scope = NewDisposeScope();
        var noise = stack(sources.Select(source => source.Normal(new(purpose, timestep, 0), model.SampleShape)));
        return noise.to(model.Device()).MoveToOuterDisposeScope();
    }

    // Whole numbers stay timesteps, which every model knows.
    private Tensor TimeTensor(double time, int samples) =>
        double.IsInteger(time)
            ? full([samples], (long)time, dtype: int64, device: model.Device())
            : full([samples], (float)time, dtype: float32, device: model.Device());
}
