using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>
/// Loads checkpoints of Hugging Face diffusers: pixel-space models of a UNet2DModel, and Stable Diffusion 1.x, 2.x and
/// XL with their LoRAs, as pipeline folders or as single files in their authors' layout. Weights must be safetensors,
/// in one file or in shards; half precision is widened to float32.
/// </summary>
public sealed class DiffusersAdapter : IModelAdapter
{
    private static readonly ICheckpointFamily[] Families =
    [
        new PixelFamily(),
        new LatentFamily(),
        new SingleFileFamily(),
    ];

    /// <inheritdoc/>
    public string Name => "diffusers";

    /// <inheritdoc/>
    public bool CanLoad(string path) => Array.Exists(Families, family => family.Recognises(path));

    /// <inheritdoc/>
    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options)
    {
        var family = Array.Find(Families, family => family.Recognises(path)) ?? Families[0];
        return family.Load(path, device, options);
    }
}
