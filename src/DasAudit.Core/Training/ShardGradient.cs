using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>Loss and gradient of one part of a training batch on one copy of the model.</summary>
internal static class ShardGradient
{
    /// <summary>
    /// Pictures in a shard where the options do not say it: one where most of the network stays as it is, since such
    /// networks are large, or where pictures have several shapes, else eight; on a GPU the whole batch, unless pictures
    /// have several shapes. It depends on nothing else, so that gradients sum to the same for any number of threads.
    /// </summary>
    public static int SizeFor(IDiffusionModel model, ResizeMode resize, int batchSize)
    {
        if (resize == ResizeMode.Bucket)
            return 1;
        if (model.Device().type != DeviceType.CPU)
            return batchSize;
        return TrainedParameters.AreSome(model) ? 1 : 8;
    }

    /// <summary>Forward and backward pass.</summary>
    /// <param name="copy">No other thread uses it.</param>
    /// <param name="pictures">As <see cref="TrainingInputs.Read"/> gave them for the samples.</param>
    /// <returns>The sum of the losses over the batch size, and the flat gradient; the caller disposes both.</returns>
    public static (Tensor Loss, Tensor Gradient) Compute(
        TrainedCopy copy,
        IReadOnlyList<TrainingSample> samples,
        IReadOnlyList<float[]?> pictures,
        TrainingInputs inputs,
        TrainingOptions options
    )
    {
        using var scope = NewDisposeScope();
        var model = copy.Model;
        var noiseSource = new NoiseSource(options.Seed);
        var clean = inputs.Clean(model, samples, pictures);
        var drawn = samples.Select(sample => sample.Timestep(noiseSource, model.Process.TrainTimesteps)).ToArray();
        var timesteps = tensor(drawn.Select(t => (long)t).ToArray()).UploadTo(clean.device);
        var shape = new ImageShape((int)clean.shape[1], (int)clean.shape[2], (int)clean.shape[3]);
        var noise = stack(samples.Select(sample => sample.DrawNoise(noiseSource, shape, options.NoiseOffset)))
            .UploadTo(clean.device);
        var condition = inputs.Conditions(
            model,
            [.. samples.Select(sample => sample.Condition(model, inputs.Resize, noiseSource, options.CaptionDropout))]
        );

        var prediction = model.Predict(model.Process.AddNoise(clean, noise, timesteps), timesteps, condition);
        var target = model.Process.Target(clean, noise, timesteps);
        var weights = tensor(drawn.Select(t => (float)options.WeightAt(t, model.Process)).ToArray())
            .UploadTo(clean.device);
        var loss = (weights * (prediction - target).square().mean([1, 2, 3])).sum() / options.BatchSize;

        loss.backward();
        return (loss.detach().DetachFromDisposeScope(), copy.TakeGradient().DetachFromDisposeScope());
    }
}
