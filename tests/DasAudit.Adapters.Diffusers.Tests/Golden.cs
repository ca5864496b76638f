using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Unet;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>A checkpoint of the reference library with what that library computed from it.</summary>
internal sealed class Golden : IDisposable
{
    internal static readonly string[] Names =
    [
        "ddpm-tiny",
        "ddpm-celeba-like/scale-shift",
        "ddpm-celeba-like/class-cond",
        "ddpm-celeba-like/old-keys",
    ];

    internal Golden(string name)
    {
        Folder = GoldenFiles.PathOf(name);
        Model = Load(Folder);
        File = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
    }

    internal string Folder { get; }

    internal IDiffusionModel Model { get; }

    internal UNet2DModel Unet => (UNet2DModel)Model.Network;

    internal SafetensorsFile File { get; }

    /// <summary>Loads as the host does.</summary>
    internal static IDiffusionModel Load(string folder, long? untrainedSeed = null)
    {
        var model = new DiffusersAdapter().Load(folder, CPU, new() { UntrainedSeed = untrainedSeed });
        ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    internal Tensor Predict() => Predict(Model);

    /// <summary>The prediction of any model at this golden's inputs.</summary>
    internal Tensor Predict(IDiffusionModel model) =>
        model.Predict(File.Read("sample"), File.Read("timesteps"), Labels);

    /// <summary>The prediction at one of the inputs alone.</summary>
    internal Tensor PredictOne(int row) =>
        Model.Predict(
            File.Read("sample").narrow(0, row, 1),
            File.Read("timesteps").narrow(0, row, 1),
            Labels?.Select(labels => labels.narrow(0, row, 1))
        );

    internal static double MaxAbs(Tensor a, Tensor b) => (a - b).abs().max().item<float>();

    private ConditionTensors? Labels =>
        File.TryGet("class_labels", out _) ? new(("class_labels", File.Read("class_labels"))) : null;

    public void Dispose()
    {
        Model.Dispose();
        File.Dispose();
    }
}
