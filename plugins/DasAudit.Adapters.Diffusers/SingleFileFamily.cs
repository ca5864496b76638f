using DasAudit.Adapters.Diffusers.Latent;
using DasAudit.Adapters.Diffusers.SingleFile;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>Stable Diffusion 1.x, 2.x and SDXL in single files of their authors' layout.</summary>
internal sealed class SingleFileFamily : ICheckpointFamily
{
    public bool Recognises(string path) => OriginalCheckpoint.Recognise(path);

    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options)
    {
        using var source = new SingleFileSource(path, options);
        return new LatentLoader(source, device, options).Load();
    }
}
