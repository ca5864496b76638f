namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Checkpoints of one network class.</summary>
/// <param name="ClassName">The network's class, as config.json names it.</param>
/// <param name="Part">What a pipeline calls it, which is also the name of its folder.</param>
internal sealed record ModelFamily(string ClassName, string Part)
{
    internal static ModelFamily Unet2D { get; } = new("UNet2DModel", "unet");

    /// <summary>The folder of its moving average, in a training script's checkpoint.</summary>
    internal string AveragePart => $"{Part}_ema";
}
