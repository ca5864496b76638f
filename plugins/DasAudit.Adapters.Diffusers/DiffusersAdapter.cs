using System.Runtime.InteropServices;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>
/// Loads Hugging Face diffusers checkpoints of a UNet2DModel with a DDPM or DDIM scheduler: a pipeline folder with
/// model_index.json, or a bare model folder with config.json (the scheduler is then looked for beside it, in
/// ../scheduler, else taken from DDPMScheduler's defaults). Weights must be safetensors; half precision is widened to
/// float32.
/// </summary>
public sealed class DiffusersAdapter : IModelAdapter
{
    /// <inheritdoc/>
    public string Name => "diffusers";

    /// <inheritdoc/>
    public bool CanLoad(string path) => Checkpoint.Recognise(path);

    /// <inheritdoc/>
    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options)
    {
        var checkpoint = Checkpoint.Find(path);
        var modelJson = JsonConfig.Read(checkpoint.ConfigFile);
        var config = UNet2DConfig.Read(modelJson);
        var schedulerJson = checkpoint.SchedulerFile is null
            ? JsonConfig.Parse("scheduler_config.json", SchedulerConfig.DefaultText)
            : JsonConfig.Read(checkpoint.SchedulerFile);
        var scheduler = SchedulerConfig.Read(schedulerJson);
        if (config.InChannels != config.OutChannels)
            throw modelJson.Refuse(
                "out_channels",
                config.OutChannels,
                $"but in_channels to {config.InChannels}; models that predict a variance as well are not supported"
            );

        var files = new List<string> { checkpoint.ConfigFile };
        if (checkpoint.SchedulerFile is not null)
            files.Add(checkpoint.SchedulerFile);
        if (options.UntrainedSeed is null)
            files.Add(checkpoint.WeightsFile);
        var writer = new CheckpointWriter(
            checkpoint.Index?.Text ?? CheckpointWriter.IndexText(schedulerJson.ClassName!),
            modelJson.Text,
            schedulerJson.Text
        );
        var network = Build(config, scheduler.Schedule.TrainTimesteps, modelJson);
        try
        {
            FillWeights(network, checkpoint, options);
            network.to(device);
            network.eval();
            // Some of TorchSharp's layers leave their parameters to the scope they were made in; a model outlives it.
            foreach (var parameter in network.parameters())
                parameter.DetachFromDisposeScope();
        }
        catch
        {
            network.Dispose();
            throw;
        }

        return config.NumClassEmbeds is null
            ? new DiffusersModel(network, config, scheduler, writer, files)
            : new ClassConditionalModel(network, config, scheduler, writer, files);
    }

    private static void FillWeights(UNet2DModel network, Checkpoint checkpoint, ModelLoadOptions options)
    {
        if (options.UntrainedSeed is { } seed)
            DefaultInitialization.Apply(network, seed);
        else
            Weights.Load(network, checkpoint.WeightsFile);
    }

    // Layers draw their first values from the global generator; it is put back as it was.
    private static UNet2DModel Build(UNet2DConfig config, int trainTimesteps, JsonConfig json)
    {
        using var state = random.get_rng_state();
        try
        {
            return new UNet2DModel(config, trainTimesteps);
        }
        catch (ExternalException e)
        {
            throw new AuditException(
                $"The network that '{json.Path}' describes does not fit into memory; check its block_out_channels.",
                e
            );
        }
        finally
        {
            random.set_rng_state(state);
        }
    }
}
