using System.Text.Json;
using DasAudit.Abstractions;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// Where the parts of a checkpoint lie: a pipeline folder with model_index.json (and unet/ and scheduler/, or their files beside it, as
/// older checkpoints have them), or a bare model folder with config.json.
/// </summary>
/// <param name="Index">model_index.json; null for a bare model folder.</param>
/// <param name="ModelFolder">The folder of the network's config.json and weights.</param>
/// <param name="SchedulerFile">scheduler_config.json; null if there is none.</param>
internal sealed record Checkpoint(JsonConfig? Index, string ModelFolder, string? SchedulerFile)
{
    private const string IndexName = "model_index.json";
    private const string ConfigName = "config.json";
    private const string SchedulerName = "scheduler_config.json";
    private const string ModelClass = "UNet2DModel";

    internal string ConfigFile => Path.Combine(ModelFolder, ConfigName);

    /// <summary>The weights.</summary>
    /// <exception cref="AuditException">There are none that can be read.</exception>
    internal string WeightsFile
    {
        get
        {
            var path = Path.Combine(ModelFolder, CheckpointWriter.WeightsName);
            if (File.Exists(path))
                return path;
            if (File.Exists(path + ".index.json"))
                throw new AuditException(
                    $"'{ModelFolder}' holds its weights in several files, which is not supported; save them as one {CheckpointWriter.WeightsName}."
                );
            throw Directory.EnumerateFiles(ModelFolder, "*.bin").FirstOrDefault() is { } pickle
                ? new AuditException(
                    $"'{pickle}' is a pickle, which may run any code when it is read; convert it to {CheckpointWriter.WeightsName} (diffusers: save_pretrained with safe_serialization=True)."
                )
                : new AuditException(
                    $"'{ModelFolder}' holds no {CheckpointWriter.WeightsName}; put the trained weights there."
                );
        }
    }

    /// <summary>Whether this is a UNet2DModel checkpoint; true as well for one that says so but is damaged, so that loading can say what is wrong.</summary>
    internal static bool Recognise(string path)
    {
        try
        {
            var index = Path.Combine(path, IndexName);
            return File.Exists(index)
                ? Mentions(index)
                : File.Exists(Path.Combine(path, ConfigName)) && Mentions(Path.Combine(path, ConfigName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <exception cref="AuditException">The folder is no checkpoint, or a pipeline with parts that are not supported.</exception>
    internal static Checkpoint Find(string path)
    {
        path = Path.GetFullPath(path);
        var index = Path.Combine(path, IndexName);
        if (!File.Exists(index))
        {
            if (!File.Exists(Path.Combine(path, ConfigName)))
                throw new AuditException(
                    $"'{path}' holds neither {IndexName} nor {ConfigName}; give the folder of a diffusers checkpoint."
                );
            return new Checkpoint(
                null,
                path,
                FirstFile(Path.Combine(path, SchedulerName), Path.Combine(path, "..", "scheduler", SchedulerName))
            );
        }
        var json = JsonConfig.Read(index);
        CheckParts(json);
        var unet = Path.Combine(path, "unet");
        return new Checkpoint(
            json,
            Directory.Exists(unet) ? unet : path,
            FirstFile(Path.Combine(path, "scheduler", SchedulerName), Path.Combine(path, SchedulerName))
        );
    }

    // A pipeline with another part (an autoencoder, a text encoder) computes something else than its network alone.
    private static void CheckParts(JsonConfig json)
    {
        foreach (var entry in json.Entries)
        {
            if (entry.Name.StartsWith('_') || entry.Value.ValueKind != JsonValueKind.Array)
                continue;
            var part = entry
                .Value.EnumerateArray()
                .Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString())
                .ToArray();
            if (entry.Name == "unet" && part.LastOrDefault() != ModelClass)
                throw json.Refuse("unet", entry.Value, $"which is not supported; supported is {ModelClass}");
            if (entry.Name is not ("unet" or "scheduler") && part.Length > 0)
                throw new AuditException(
                    $"'{json.Path}' has the part '{entry.Name}' ({part[^1]}), which is not supported; supported are pipelines of a {ModelClass} and a scheduler."
                );
        }
    }

    private static bool Mentions(string file)
    {
        var text = File.ReadAllText(file);
        return text.Contains($"\"{ModelClass}\"", StringComparison.Ordinal);
    }

    private static string? FirstFile(params string[] candidates) =>
        candidates.Select(Path.GetFullPath).FirstOrDefault(File.Exists);
}
