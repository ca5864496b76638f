using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>
/// Writes the pipeline again with the trained U-Net and the schedule that it was trained with; its other parts are
/// copied as they are.
/// </summary>
internal sealed class LatentWriter(PipelineParts pipeline, JsonConfig unetConfig) : ITrainedWriter
{
    private const string UnetFolder = "unet";
    private static readonly string[] WrittenParts = [UnetFolder, PipelineIndex.Scheduler];

    public void Write(LatentParts parts, string folder, bool halfPrecision)
    {
        var scheduler = parts.Schedule.Json;
        try
        {
            var unet = Directory.CreateDirectory(Path.Combine(folder, UnetFolder)).FullName;
            var schedulerFile = SchedulerFiles.ExpectedIn(folder);
            Directory.CreateDirectory(Path.GetDirectoryName(schedulerFile)!);
            CopyOtherParts(folder);
            Weights.Save(parts.Networks.Unet, Path.Combine(unet, WeightFile.Plain), halfPrecision);
            AtomicFile.WriteText(Path.Combine(unet, "config.json"), unetConfig.Text);
            AtomicFile.WriteText(schedulerFile, scheduler.Text);
            AtomicFile.WriteText(
                Path.Combine(folder, PipelineIndex.Name),
                pipeline.Index.TextWith(scheduler.ClassName!)
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The checkpoint cannot be written to '{folder}'; check that the folder is writable and has room.",
                e
            );
        }
    }

    private void CopyOtherParts(string folder)
    {
        var textEncoders = pipeline.TextEncoders.ToDictionary(
            part => Path.GetFileName(part.Folder),
            part => part.Folder
        );
        foreach (var folderOfPipeline in Directory.EnumerateDirectories(pipeline.Index.Folder))
        {
            var part = Path.GetFileName(folderOfPipeline);
            if (WrittenParts.Contains(part) || pipeline.Index.ClassOf(part) is null)
                continue;
            var source = textEncoders.GetValueOrDefault(part, folderOfPipeline);
            var target = Directory.CreateDirectory(Path.Combine(folder, part)).FullName;
            foreach (var file in Directory.EnumerateFiles(source))
                Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    private static void Copy(string source, string target)
    {
        if (Path.GetFullPath(source) != Path.GetFullPath(target))
            AtomicFile.Copy(source, target);
    }
}
