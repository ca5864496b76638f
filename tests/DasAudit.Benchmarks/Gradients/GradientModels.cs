using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>Untrained U-Nets of the sizes that the targets name.</summary>
internal static class GradientModels
{
    private static readonly Dictionary<string, (int Side, int[] Channels, int Layers, bool Attention, int Groups)> Configurations = new()
    {
        ["16-32-64@32"] = (32, [16, 32, 64], 1, false, 8),
        ["32-64@16"] = (16, [32, 64], 1, true, 8),
        ["64-128@32"] = (32, [64, 128], 1, true, 32),
    };

    public static IReadOnlyCollection<string> Names => Configurations.Keys;

    public static IDiffusionModel Load(string name)
    {
        var (side, channels, layers, attention, groups) = Configurations[name];
        var kind = attention ? "Attn" : "";
        var last = channels.Length - 1;
        var down = string.Join(",", channels.Select((_, i) => $"\"{(i == last ? kind : "")}DownBlock2D\""));
        var up = string.Join(",", channels.Select((_, i) => $"\"{(i == 0 ? kind : "")}UpBlock2D\""));
        var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "config.json"), $$"""
                {
                  "_class_name": "UNet2DModel", "sample_size": {{side}}, "in_channels": 3, "out_channels": 3, "layers_per_block": {{layers}},
                  "block_out_channels": [{{string.Join(",", channels)}}], "norm_num_groups": {{groups}}, "add_attention": {{(attention ? "true" : "false")}},
                  "down_block_types": [{{down}}], "up_block_types": [{{up}}]
                }
                """);
            var model = new DiffusersAdapter().Load(folder.FullName, CPU, new() { UntrainedSeed = 1 });
            ConvolutionLayout.UseChannelsLast(model.Network);
            return model;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
