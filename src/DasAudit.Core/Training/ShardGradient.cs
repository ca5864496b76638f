using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>Loss and gradient of one part of a training batch on one copy of the model.</summary>
internal static class ShardGradient
{
    /// <summary>Pictures in a shard. Fixed, so that gradients sum to the same for any number of threads.</summary>
    public const int Size = 8;

    /// <summary>Forward and backward pass.</summary>
    /// <param name="model">A copy of the model that no other thread uses.</param>
    /// <param name="pictures">Their x₀ before encoding, float32 [S, C, H, W].</param>
    /// <returns>The sum of the losses over the batch size; the flat gradient, which the caller disposes.</returns>
    public static (double Loss, Tensor Gradient) Compute(
        IDiffusionModel model,
        IReadOnlyList<TrainingSample> samples,
        Tensor pictures,
        TrainingOptions options
    )
    {
        using var scope = NewDisposeScope();
        var noiseSource = new NoiseSource(options.Seed);
        var device = model.Network.parameters().First().device;
        Tensor clean;
        using (no_grad())
            clean = model.Encode(pictures.to(device));
        var drawn = samples.Select(sample => sample.Timestep(noiseSource, model.Process.TrainTimesteps)).ToArray();
        var timesteps = tensor(drawn.Select(t => (long)t).ToArray(), device: device);
        var noise = stack(samples.Select(sample => sample.DrawNoise(noiseSource, model.SampleShape))).to(device);
        var condition = (model as IConditioned)?.EncodeConditions([
            .. samples.Select(sample => new Condition(sample.Item.Label, sample.Item.Caption)),
        ]);

        var prediction = model.Predict(model.Process.AddNoise(clean, noise, timesteps), timesteps, condition);
        var target = model.Process.Target(clean, noise, timesteps);
        var weights = tensor(drawn.Select(t => (float)options.WeightAt(t, model.Process)).ToArray(), device: device);
        var loss = (weights * (prediction - target).square().mean([1, 2, 3])).sum() / options.BatchSize;

        IReadOnlyList<Tensor> parameters = [.. model.Network.parameters()];
        var gradients = autograd.grad([loss], [.. parameters], allow_unused: true);
        var flat = cat([
            .. gradients.Zip(parameters, (g, p) => (g is null || g.IsInvalid ? zeros_like(p) : g).flatten()),
        ]);
        return (loss.item<float>(), flat.MoveToOuterDisposeScope());
    }
}
