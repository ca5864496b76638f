using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>Untrained U-Nets; <c>unet-16-32-64@32</c> is that of the demonstration.</summary>
internal static class GradientModels
{
    private static readonly Dictionary<string, (int Rows, object Config)> Configurations = new()
    {
        ["unet-32-64@16"] = (
            20,
            Small(
                16,
                [32, 64],
                ["DownBlock2D", "AttnDownBlock2D"],
                ["AttnUpBlock2D", "UpBlock2D"],
                groups: 8,
                attention: true
            )
        ),
        ["unet-64-128@32"] = (
            10,
            Small(
                32,
                [64, 128],
                ["DownBlock2D", "AttnDownBlock2D"],
                ["AttnUpBlock2D", "UpBlock2D"],
                groups: 32,
                attention: true
            )
        ),
        ["unet-16-32-64@32"] = (
            20,
            Small(
                32,
                [16, 32, 64],
                [.. Repeat("DownBlock2D", 3)],
                [.. Repeat("UpBlock2D", 3)],
                groups: 8,
                attention: false
            )
        ),
        ["unet-16-32-32@16"] = (20, Pilot),
        ["unet-cifar10"] = (4, Cifar10),
    };

    public static IReadOnlyCollection<string> Names => Configurations.Keys;

    // That of many retrained models: 0.2 million parameters.
    private static object Pilot =>
        new
        {
            _class_name = "UNet2DModel",
            sample_size = 16,
            in_channels = 1,
            out_channels = 1,
            layers_per_block = 1,
            block_out_channels = new[] { 16, 32, 32 },
            down_block_types = Repeat("DownBlock2D", 3).ToArray(),
            up_block_types = Repeat("UpBlock2D", 3).ToArray(),
            norm_num_groups = 8,
            add_attention = false,
        };

    // That of google/ddpm-cifar10-32: 35.7 million parameters.
    private static object Cifar10 =>
        new
        {
            _class_name = "UNet2DModel",
            sample_size = 32,
            in_channels = 3,
            out_channels = 3,
            layers_per_block = 2,
            block_out_channels = new[] { 128, 256, 256, 256 },
            down_block_types = new[] { "DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "DownBlock2D" },
            up_block_types = new[] { "UpBlock2D", "UpBlock2D", "AttnUpBlock2D", "UpBlock2D" },
            attention_head_dim = (int?)null,
            downsample_padding = 0,
            flip_sin_to_cos = false,
            freq_shift = 1,
            norm_eps = 1e-6,
            norm_num_groups = 32,
        };

    /// <summary>Whether it is a model's name, or a folder, perhaps with a LoRA after a plus sign.</summary>
    public static bool IsName(string text) => Names.Contains(text) || Directory.Exists(Parts(text).Folder);

    /// <summary>The model of a folder or a name, on a device as audits have it there.</summary>
    public static IDiffusionModel Load(string name, Device device)
    {
        if (device.type == DeviceType.CPU)
            return Load(name).Model;
        var model = Load(name, Plain).Model;
        model.Network.to(device);
        return model;
    }

    /// <summary>The model of a folder or a name, and how many noisy samples to measure it with.</summary>
    public static (IDiffusionModel Model, int Rows) Load(string name) => Load(name, LoadFolder);

    /// <summary>The model of a folder.</summary>
    public static IDiffusionModel LoadFolder(string folder, ModelLoadOptions options)
    {
        var model = Plain(folder, options);
        ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    private static IDiffusionModel Plain(string folder, ModelLoadOptions options) =>
        new DiffusersAdapter().Load(Path.GetFullPath(folder), CPU, options);

    private static (IDiffusionModel Model, int Rows) Load(
        string name,
        Func<string, ModelLoadOptions, IDiffusionModel> load
    )
    {
        var (model, lora) = Parts(name);
        if (Directory.Exists(model))
            return (load(model, new() { Loras = lora is null ? [] : [new(Path.GetFullPath(lora))] }), 10);

        var (rows, config) = Configurations[name];
        var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "config.json"), JsonSerializer.Serialize(config));
            return (load(folder.FullName, new() { UntrainedSeed = 1 }), rows);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Folder, string? Lora) Parts(string name)
    {
        var plus = name.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? (name, null) : (name[..plus], name[(plus + 1)..]);
    }

    private static object Small(int side, int[] channels, string[] down, string[] up, int groups, bool attention) =>
        new
        {
            _class_name = "UNet2DModel",
            sample_size = side,
            in_channels = 3,
            out_channels = 3,
            layers_per_block = 1,
            block_out_channels = channels,
            down_block_types = down,
            up_block_types = up,
            norm_num_groups = groups,
            add_attention = attention,
        };

    private static IEnumerable<string> Repeat(string type, int count) => Enumerable.Repeat(type, count);
}
