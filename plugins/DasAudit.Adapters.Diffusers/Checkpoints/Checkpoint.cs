using System.Text.Json;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// Where the parts of a checkpoint lie: a pipeline folder with model_index.json (and unet/ and scheduler/, or their
/// files beside it, as older checkpoints have them), or a bare model folder with config.json.
/// </summary>
/// <param name="Index">model_index.json; null for a bare model folder.</param>
/// <param name="SchedulerFile">scheduler_config.json; null if there is none.</param>
internal sealed record Checkpoint(JsonConfig? Index, string ModelFolder, string? SchedulerFile)
{
    private const string IndexName = "model_index.json";
    private const string ConfigName = "config.json";
    private const string SchedulerName = "scheduler_config.json";
    private const string ModelClass = "UNet2DModel";

    internal string ConfigFile => Path.Combine(ModelFolder, ConfigName);

    internal string WeightsFile
    {
        get
        {
            var path = Path.Combine(ModelFolder, CheckpointWriter.WeightsName);
            if (File.Exists(path))
                return path;
            if (File.Exists(path + ".index.json"))
                throw new AuditException(
                    $"'{ModelFolder}' holds its weights in several files, which is not supported; save them as one "
                        + $"{CheckpointWriter.WeightsName}."
                );
            var pickle = Directory.EnumerateFiles(ModelFolder, "*.bin").FirstOrDefault();
            if (pickle is not null)
                throw new AuditException(
                    $"'{pickle}' is a pickle, which may run any code when it is read; convert it to "
                        + $"{CheckpointWriter.WeightsName} (diffusers: save_pretrained with safe_serialization=True)."
                );
            throw new AuditException(
                $"'{ModelFolder}' holds no {CheckpointWriter.WeightsName}; put the trained weights there."
            );
        }
    }

    /// <summary>Whether this is, or says that it is, a UNet2DModel checkpoint; loading says what is damaged.</summary>
    internal static bool Recognise(string path)
    {
        try
        {
            var index = Path.Combine(path, IndexName);
            var config = Path.Combine(path, ConfigName);
            return File.Exists(index) ? NamesModelClass(index) : File.Exists(config) && NamesModelClass(config);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    internal static Checkpoint Find(string path)
    {
        var folder = Path.GetFullPath(path);
        var index = Path.Combine(folder, IndexName);
        return File.Exists(index) ? OfPipeline(folder, JsonConfig.Read(index)) : OfModelFolder(folder);
    }

    private static Checkpoint OfPipeline(string folder, JsonConfig index)
    {
        CheckParts(index);
        var unet = Path.Combine(folder, "unet");
        return new Checkpoint(
            index,
            Directory.Exists(unet) ? unet : folder,
            FirstFile(Path.Combine(folder, "scheduler", SchedulerName), Path.Combine(folder, SchedulerName))
        );
    }

    private static Checkpoint OfModelFolder(string folder)
    {
        if (!File.Exists(Path.Combine(folder, ConfigName)))
            throw new AuditException(
                $"'{folder}' holds neither {IndexName} nor {ConfigName}; give the folder of a diffusers checkpoint."
            );
        return new Checkpoint(
            null,
            folder,
            FirstFile(Path.Combine(folder, SchedulerName), Path.Combine(folder, "..", "scheduler", SchedulerName))
        );
    }

    // A pipeline with another part (an autoencoder, a text encoder) computes something else than its network alone.
    private static void CheckParts(JsonConfig json)
    {
        foreach (var entry in json.Entries)
        {
            if (entry.Name.StartsWith('_') || entry.Value.ValueKind != JsonValueKind.Array)
                continue;
            var className = entry
                .Value.EnumerateArray()
                .Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString())
                .LastOrDefault();
            if (entry.Name == "unet" && className != ModelClass)
                throw json.Refuse("unet", entry.Value, $"which is not supported; supported is {ModelClass}");
            if (entry.Name is not ("unet" or "scheduler") && className is not null)
                throw new AuditException(
                    $"'{json.Path}' has the part '{entry.Name}' ({className}), which is not supported; "
                        + $"supported are pipelines of a {ModelClass} and a scheduler."
                );
        }
    }

    private static bool NamesModelClass(string file) =>
        File.ReadAllText(file).Contains($"\"{ModelClass}\"", StringComparison.Ordinal);

    private static string? FirstFile(params string[] candidates) =>
        candidates.Select(Path.GetFullPath).FirstOrDefault(File.Exists);
}
