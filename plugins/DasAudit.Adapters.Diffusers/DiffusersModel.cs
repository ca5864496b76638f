using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Unet;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>An unconditional pixel-space UNet2DModel.</summary>
internal class DiffusersModel(
    UNet2DModel network,
    UNet2DConfig config,
    SchedulerConfig scheduler,
    CheckpointWriter writer,
    IReadOnlyList<string> files
) : IDiffusionModel, ITrainable
{
    protected UNet2DModel Unet { get; } = network;

    protected UNet2DConfig Config { get; } = config;

    public nn.Module Network => Unet;

    public NoiseSchedule Schedule { get; } = scheduler.Schedule;

    public PredictionType PredictionType { get; } = scheduler.PredictionType;

    public SamplingSettings Sampling { get; } = scheduler.Sampling;

    public ImageShape PictureShape { get; } = config.Shape;

    public IReadOnlyList<string> Files { get; } = files;

    public virtual Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition = null) =>
        condition is null
            ? Unet.call(noisy, timesteps, null)
            : throw new ArgumentException("The model is unconditional.", nameof(condition));

    public void Save(string folder, bool halfPrecision = false) => writer.Write(Unet, folder, halfPrecision);

    public void Dispose()
    {
        Unet.Dispose();
        GC.SuppressFinalize(this);
    }
}
