using System.Text.Json;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>A checkpoint without weights: a pipeline of DDPM with a linear schedule.</summary>
internal static class DdpmConfiguration
{
    internal static void Write(string folder, object unet)
    {
        Write(
            folder,
            "model_index.json",
            new
            {
                _class_name = "DDPMPipeline",
                scheduler = new[] { "diffusers", "DDPMScheduler" },
                unet = new[] { "diffusers", "UNet2DModel" },
            }
        );
        Write(
            folder,
            "scheduler/scheduler_config.json",
            new
            {
                _class_name = "DDPMScheduler",
                num_train_timesteps = 1000,
                beta_start = 0.0001,
                beta_end = 0.02,
                beta_schedule = "linear",
                prediction_type = "epsilon",
                clip_sample = true,
            }
        );
        Write(folder, "unet/config.json", unet);
    }

    private static void Write(string folder, string name, object value)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(value));
    }
}
