using DasAudit.Adapters.Diffusers.Unet;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>An unconditional pixel-space UNet2DModel.</summary>
internal class DiffusersModel(UNet2DModel network, ModelParts parts) : IDiffusionModel, ITrainable
{
    protected UNet2DModel Unet { get; } = network;

    protected UNet2DConfig Config { get; } = parts.Config;

    public nn.Module Network => Unet;

    public IForwardProcess Process { get; } = parts.Schedule.Config.Process;

    public ScheduleOrigin? ScheduleOrigin { get; } = parts.Schedule.Origin;

    public SamplingSettings Sampling { get; } = parts.Schedule.Config.Sampling;

    public ImageShape PictureShape { get; } = parts.Config.Shape;

    public IReadOnlyList<string> Files { get; } = parts.Files;

    public IReadOnlyList<string> Assumptions { get; } = parts.Assumptions;

    public virtual Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        condition is null
            ? Unet.call(noisy, timesteps, null)
            : throw new ArgumentException("The model is unconditional.", nameof(condition));

    public void Save(string folder, bool halfPrecision = false) => parts.Writer.Write(Unet, folder, halfPrecision);

    public void Dispose()
    {
        Unet.Dispose();
        GC.SuppressFinalize(this);
    }
}
