using DasAudit.Abstractions;
using DasAudit.Abstractions.Safetensors;
using DasAudit.Adapters.Diffusers.Unet;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>A checkpoint of the reference library with what that library computed from it.</summary>
internal sealed class Golden : IDisposable
{
    internal static readonly string[] Names = ["ddpm-tiny", "ddpm-celeba-like/scale-shift", "ddpm-celeba-like/class-cond", "ddpm-celeba-like/old-keys"];

    internal Golden(string name)
    {
        Folder = PathOf(name);
        Model = new DiffusersAdapter().Load(Folder, CPU, ModelLoadOptions.Trained);
        File = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
    }

    internal string Folder { get; }

    internal IDiffusionModel Model { get; }

    internal UNet2DModel Unet => (UNet2DModel)Model.Network;

    internal SafetensorsFile File { get; }

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", name);

    internal Tensor? Labels => File.TryGet("class_labels", out _) ? File.Read("class_labels") : null;

    internal Tensor Predict() => Model.Predict(File.Read("sample"), File.Read("timesteps"), Labels);

    internal static double MaxAbs(Tensor a, Tensor b) => (a - b).abs().max().item<float>();

    public void Dispose()
    {
        Model.Dispose();
        File.Dispose();
    }
}
