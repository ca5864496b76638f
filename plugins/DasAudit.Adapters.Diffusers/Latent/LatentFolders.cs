using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Finds the pipeline that a path means: its folder, its unet/, or a training script's checkpoint-N.</summary>
internal static class LatentFolders
{
    private static readonly ModelFamily Family = new("UNet2DConditionModel", "unet");

    /// <summary>Whether this is, or says it is, such a pipeline or its U-Net; loading says what is damaged.</summary>
    internal static bool Recognise(string path) => Checkpoint.Recognise(path, Family);

    /// <summary>Opens it; the caller disposes it.</summary>
    internal static PipelineFolder Open(string path, ModelLoadOptions options)
    {
        var full = Path.GetFullPath(path);
        if (IsPipeline(full))
            return new(PipelineParts.Of(PipelineIndex.Read(full)), options);
        var unet = Unet(full);
        var pipeline = options.ModelConfig ?? Above(unet.Folder).FirstOrDefault(IsPipeline);
        if (pipeline is null)
            throw new AuditException(
                $"'{path}' holds a U-Net of Stable Diffusion without its autoencoder and text encoder; give the "
                    + "folder of "
                    + $"the whole pipeline, or say with {ModelLoadOptions.ModelConfigName} the pipeline that it "
                    + "was trained from."
            );
        var index = PipelineIndex.Read(pipeline);
        return new(PipelineParts.Of(index, unet, TrainedWith(unet) ?? index.Folder), options);
    }

    private static bool IsPipeline(string folder) => File.Exists(Path.Combine(folder, PipelineIndex.Name));

    // A training script writes the networks that it trains beside one another, under the pipeline's names.
    private static string? TrainedWith(PipelinePart unet) =>
        Path.GetFileName(unet.Folder) == Family.Part || Path.GetFileName(unet.Folder) == Family.AveragePart
            ? Path.GetDirectoryName(unet.Folder)
            : null;

    private static PipelinePart Unet(string path)
    {
        var checkpoint = Checkpoint.Find(path, Family);
        return new(checkpoint.ModelFolder, WeightFile.Diffusers)
        {
            GivenWeights = checkpoint.GivenWeights is null ? null : WeightFiles.Of(checkpoint),
        };
    }

    // unet/ lies in its pipeline; checkpoint-N/unet lies in a folder beside whose parts training wrote the pipeline.
    private static IEnumerable<string> Above(string folder)
    {
        for (var i = 0; i < 2; i++)
        {
            folder = Path.GetDirectoryName(folder)!;
            if (folder is null)
                yield break;
            yield return folder;
        }
    }
}
