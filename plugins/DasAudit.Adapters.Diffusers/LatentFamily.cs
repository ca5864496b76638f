using DasAudit.Adapters.Diffusers.Latent;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>Stable Diffusion 1.x, 2.x and SDXL in folders of diffusers.</summary>
internal sealed class LatentFamily : ICheckpointFamily
{
    public bool Recognises(string path) => LatentFolders.Recognise(path);

    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options)
    {
        using var source = LatentFolders.Open(path, options);
        return new LatentLoader(source, device, options).Load();
    }
}
