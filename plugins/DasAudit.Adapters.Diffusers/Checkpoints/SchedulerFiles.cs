using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Where the configuration of a checkpoint's scheduler lies.</summary>
internal static partial class SchedulerFiles
{
    internal const string Name = "scheduler_config.json";
    private const string Folder = "scheduler";

    /// <summary>Where a pipeline's scheduler should lie.</summary>
    internal static string ExpectedIn(string pipeline) => Path.Combine(pipeline, Folder, Name);

    /// <summary>A pipeline's: in scheduler/, or, as older checkpoints have it, beside the index.</summary>
    internal static string? OfPipeline(string folder) => First(ExpectedIn(folder), Path.Combine(folder, Name));

    /// <summary>A model folder's: in it, or in the folder scheduler/ beside it.</summary>
    internal static string? OfModel(string folder) =>
        First(Path.Combine(folder, Name), ExpectedIn(Path.Combine(folder, "..")));

    /// <summary>
    /// That of the training run which kept the folder as its checkpoint-N: of the pipeline that it wrote beside it.
    /// </summary>
    internal static string? OfTrainingRun(string checkpoint) =>
        TrainingCheckpoint().IsMatch(Path.GetFileName(checkpoint))
            ? First(ExpectedIn(Path.Combine(checkpoint, "..")))
            : null;

    /// <summary>The file that was asked for, itself or within a folder; null if neither is there.</summary>
    internal static string? Asked(string path)
    {
        if (File.Exists(path))
            return Path.GetFullPath(path);
        if (!Directory.Exists(path))
            return null;
        return OfPipeline(path)
            ?? throw new AuditException(
                $"The folder '{path}' that {ModelLoadOptions.ScheduleName} gives holds no {Name}; give the file itself."
            );
    }

    private static string? First(params string[] candidates) =>
        candidates.Select(Path.GetFullPath).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"^checkpoint-\d+$")]
    private static partial Regex TrainingCheckpoint();
}
