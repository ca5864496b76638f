using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
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
    public Tensor DrawNoise(NoiseSource source, ImageShape shape) => source.Normal(Noise, shape);
}
