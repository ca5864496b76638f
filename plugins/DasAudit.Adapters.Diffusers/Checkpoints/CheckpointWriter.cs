using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Writes a pipeline folder in diffusers' layout, with its JSON files' texts as they were loaded.</summary>
internal sealed record CheckpointWriter(string Index, string Model, string Scheduler)
{
    /// <summary>model_index.json of a pipeline of a UNet2DModel and a scheduler.</summary>
    internal static string IndexText(string schedulerClass) =>
        $$"""
            {
              "_class_name": "{{(schedulerClass == "DDIMScheduler" ? "DDIMPipeline" : "DDPMPipeline")}}",
              "scheduler": [
                "diffusers",
                "{{schedulerClass}}"
              ],
              "unet": [
                "diffusers",
                "UNet2DModel"
              ]
            }

            """;

    internal void Write(nn.Module network, string folder, bool halfPrecision)
    {
        var unet = Path.Combine(folder, "unet");
        var scheduler = Path.Combine(folder, "scheduler");
        try
        {
            Directory.CreateDirectory(unet);
            Directory.CreateDirectory(scheduler);
            Weights.Save(network, Path.Combine(unet, WeightFile.Plain), halfPrecision);
            AtomicFile.WriteText(Path.Combine(unet, "config.json"), Model);
            AtomicFile.WriteText(Path.Combine(scheduler, "scheduler_config.json"), Scheduler);
            AtomicFile.WriteText(Path.Combine(folder, "model_index.json"), Index);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The checkpoint cannot be written to '{folder}'; check that the folder is writable and has room.",
                e
            );
        }
    }
}
