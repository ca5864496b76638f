using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>
/// Pixel-space models of a UNet2DModel with a scheduler over betas: a pipeline folder with model_index.json, a bare
/// model folder with config.json, a training script's checkpoint-N, or a file of weights beside its config.json.
/// </summary>
internal sealed class PixelFamily : ICheckpointFamily
{
    public bool Recognises(string path) => Checkpoint.Recognise(path, ModelFamily.Unet2D);

    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options)
    {
        if (options.NewLora is not null || options.Loras.Count > 0)
            throw new AuditException(
                $"'{path}' is a pixel-space model, for which {ModelLoadOptions.LoraName} is not supported; "
                    + "leave it out."
            );
        var checkpoint = Checkpoint.Find(path, ModelFamily.Unet2D);
        var modelJson = JsonConfig.Read(checkpoint.ConfigFile);
        var config = UNet2DConfig.Read(modelJson);
        if (config.InChannels != config.OutChannels)
            throw modelJson.Refuse(
                "out_channels",
                config.OutChannels,
                $"but in_channels to {config.InChannels}; models that predict a variance as well are not supported"
            );
        var schedule = ChosenSchedule.Of(checkpoint, options.Schedule);
        var weights = options.UntrainedSeed is null ? WeightFiles.Of(checkpoint) : null;
        var parts = new ModelParts(
            config,
            schedule,
            Writer(checkpoint, modelJson, schedule),
            [checkpoint.ConfigFile, .. Files(schedule), .. weights is null ? [] : TensorFiles.Paths(weights)],
            [.. modelJson.IgnoredKeys(), .. schedule.Assumptions]
        );
        var trainTimesteps = schedule.Config.Schedule.TrainTimesteps;
        var network = NetworkBuilder.Build(modelJson, () => new UNet2DModel(config, trainTimesteps));
        try
        {
            if (options.UntrainedSeed is { } seed)
                DefaultInitialization.Apply(network, seed);
            else
                Fill(network, weights!);
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
            ? new DiffusersModel(network, parts)
            : new ClassConditionalModel(network, parts);
    }

    private static IEnumerable<string> Files(ChosenSchedule schedule) => schedule.Origin.File is { } file ? [file] : [];

    private static CheckpointWriter Writer(Checkpoint checkpoint, JsonConfig model, ChosenSchedule schedule)
    {
        var index = schedule.Origin.Source == ScheduleSource.Checkpoint ? checkpoint.Index?.Text : null;
        return new(index ?? CheckpointWriter.IndexText(schedule.Json.ClassName!), model.Text, schedule.Json.Text);
    }

    private static void Fill(UNet2DModel network, WeightFile weights)
    {
        using var files = TensorFiles.Open(weights);
        Weights.Load(network, files);
    }
}
