using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Writes the pipeline again with the trained U-Net; its other parts are copied as they are.</summary>
internal sealed class LatentWriter(PipelineIndex index, JsonConfig unetConfig) : ITrainedWriter
{
    private const string UnetFolder = "unet";

    public void Write(LatentParts parts, string folder, bool halfPrecision)
    {
        try
        {
            var unet = Directory.CreateDirectory(Path.Combine(folder, UnetFolder)).FullName;
            CopyOtherParts(folder);
            Weights.Save(parts.Networks.Unet, Path.Combine(unet, WeightFile.Plain), halfPrecision);
            CheckpointWriter.WriteText(Path.Combine(unet, "config.json"), unetConfig.Text);
            CheckpointWriter.WriteText(Path.Combine(folder, PipelineIndex.Name), index.Text);
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
        foreach (var source in Directory.EnumerateDirectories(index.Folder))
        {
            var part = Path.GetFileName(source);
            var isPart = index.ClassOf(part) is not null;
            if (part == UnetFolder || !isPart)
                continue;
            var target = Directory.CreateDirectory(Path.Combine(folder, part)).FullName;
            foreach (var file in Directory.EnumerateFiles(source))
                Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    private static void Copy(string source, string target)
    {
        if (Path.GetFullPath(source) == Path.GetFullPath(target))
            return;
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        File.Copy(source, temporary);
        File.Move(temporary, target, overwrite: true);
    }
}
