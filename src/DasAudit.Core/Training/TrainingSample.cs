using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>A picture of a training batch, and where its randomness lies.</summary>
/// <param name="Timesteps">The stream that its timestep is in.</param>
/// <param name="Position">Where in that stream.</param>
internal sealed record TrainingSample(TrainingItem Item, NoiseAddress Timesteps, int Position, NoiseAddress Noise)
{
    /// <summary>Randomness of a place in a batch.</summary>
    public static TrainingSample OfPlace(TrainingItem item, int step, int place) =>
        new(item, new(NoisePurpose.TrainingTimestep, step, 0), place, new(NoisePurpose.TrainingNoise, step, place));

    /// <summary>
    /// Randomness of a picture in an epoch, at any place: models trained on different parts of a set meet their common
    /// pictures under the same noise, so that only what they saw tells them apart.
    /// </summary>
    public static TrainingSample OfPicture(TrainingItem item, int epoch) =>
        new(item, new(NoisePurpose.PartTimestep, epoch, 0), item.Index, new(NoisePurpose.PartNoise, epoch, item.Index));

    /// <summary>t, uniform in [0, T).</summary>
    public int Timestep(NoiseSource source, int trainTimesteps) => source.Below(Timesteps, Position, trainTimesteps);

    /// <summary>ε, float32 [C, H, W] on the CPU; the caller disposes it.</summary>
    /// <param name="offset">By what an N(0, 1) value of each channel is multiplied and added; 0 for none.</param>
    public Tensor DrawNoise(NoiseSource source, ImageShape shape, double offset = 0)
    {
        var noise = source.Normal(Noise, shape);
        if (offset == 0)
            return noise;
        using var shifts = source.Normal(
            Noise with
            {
                Purpose = IsOfPicture ? NoisePurpose.PartNoiseOffset : NoisePurpose.TrainingNoiseOffset,
            },
            shape with
            {
                Height = 1,
                Width = 1,
            }
        );
        return noise.add_(shifts, alpha: offset);
    }

    /// <summary>What the picture is conditioned on.</summary>
    /// <param name="resize">How the picture is made one of the model's size.</param>
    /// <param name="dropout">The probability that it is what the model takes for no condition.</param>
    public Condition Condition(IDiffusionModel model, ResizeMode resize, NoiseSource source, double dropout)
    {
        const int Resolution = 1 << 30;
        var stated = PictureConditions.Of(model, Item, resize);
        if (dropout == 0 || model is not IConditioned { Unconditional: { } unconditional })
            return stated;
        var address = Timesteps with
        {
            Purpose = IsOfPicture ? NoisePurpose.PartCondition : NoisePurpose.TrainingCondition,
        };
        return source.Below(address, Position, Resolution) < dropout * Resolution
            ? unconditional with
            {
                Framing = stated.Framing,
            }
            : stated;
    }

    private bool IsOfPicture => Noise.Purpose == NoisePurpose.PartNoise;
}
