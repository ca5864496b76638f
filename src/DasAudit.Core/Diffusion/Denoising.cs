using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>The way from noise to a clean sample on one copy of a model.</summary>
internal sealed class Denoising(IDiffusionModel model, GuidedCondition condition, GeneratorOptions options)
{
    private readonly ISampler _sampler = options.CreateSampler(model);

    /// <summary>Runs the sampler to its end; the caller disposes the clean sample [1, C, H, W].</summary>
    /// <param name="start">N(0, 1), [1, C, H, W].</param>
    /// <param name="source">Of the noise of stochastic steps.</param>
    /// <param name="follow">Given each step's timestep, or the next to it, and the clean sample predicted.</param>
    public Tensor Run(Tensor start, NoiseSource source, Action<int, Tensor>? follow, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var encoded = condition.Encode(model);
        var sample = start * _sampler.InitialSigma;
        Tensor? earlierClean = null;
        for (var step = 0; step < _sampler.Times.Count; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            var time = _sampler.Times[step];
            var timestep = (int)Math.Round(time);
            var prediction = condition.Predict(model, _sampler.Input(step, sample), TimeTensor(time), encoded);
            var noise = _sampler.IsStochastic(step) ? Draw(source, NoisePurpose.SamplingStep, timestep) : null;
            var (previous, clean) = _sampler.Step(step, new(sample, prediction, earlierClean, noise));
            follow?.Invoke(timestep, clean);
            sample.Dispose();
            earlierClean?.Dispose();
            sample = previous.MoveToOuterDisposeScope();
            earlierClean = clean.MoveToOuterDisposeScope();
        }

        return sample.MoveToOuterDisposeScope();
    }

    /// <summary>The noise that sampling starts from, [1, C, H, W]; the caller disposes it.</summary>
    public Tensor Start(NoiseSource source) => Draw(source, NoisePurpose.SamplingStart, 0);

    private Tensor Draw(NoiseSource source, NoisePurpose purpose, int timestep)
    {
        using var scope = NewDisposeScope();
        var noise = source.Normal(new(purpose, timestep, 0), model.SampleShape).unsqueeze(0);
        return noise.to(model.Device()).MoveToOuterDisposeScope();
    }

    // Whole numbers stay timesteps, which every model knows.
    private Tensor TimeTensor(double time) =>
        double.IsInteger(time)
            ? tensor(new[] { (long)time }, device: model.Device())
            : tensor(new[] { (float)time }, device: model.Device());
}
