using System.Text.Json;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// Where the parts of a checkpoint lie: in a pipeline folder with model_index.json (in folders such as unet/ and
/// scheduler/, or, as older checkpoints have it, beside the index), in a bare model folder with config.json, or in the
/// checkpoint-N of a training script.
/// </summary>
/// <param name="Index">model_index.json; null without a pipeline.</param>
/// <param name="SchedulerFile">scheduler_config.json; null if there is none.</param>
internal sealed record Checkpoint(JsonConfig? Index, string ModelFolder, string? SchedulerFile)
{
    internal const string IndexName = "model_index.json";

    /// <summary>
    /// What an index says of an absent negative prompt: whether it means embeddings of zeros, not the empty prompt.
    /// </summary>
    internal const string ForceZerosKey = "force_zeros_for_empty_prompt";

    private const string ConfigName = "config.json";

    internal string ConfigFile => Path.Combine(ModelFolder, ConfigName);

    /// <summary>The file of weights that was given as the model; null for the only one of the folder.</summary>
    internal string? GivenWeights { get; private init; }

    /// <summary>A sentence on where the scheduler was found, if that is unusual; null if it is not.</summary>
    internal string? SchedulerNote { get; private init; }

    /// <summary>The scheduler that an index names, and where it should lie; null if none names one.</summary>
    internal ExpectedScheduler? ExpectedScheduler
    {
        get
        {
            var pipeline = Index is null ? Path.GetFullPath(Path.Combine(ModelFolder, "..")) : IndexFolder;
            var file = Path.Combine(pipeline, IndexName);
            if (Index is null && !File.Exists(file))
                return null;
            var className = PartClass(Index ?? JsonConfig.Read(file), "scheduler");
            return className is null ? null : new(className, file, SchedulerFiles.ExpectedIn(pipeline));
        }
    }

    private string IndexFolder => Path.GetDirectoryName(Index!.Path)!;

    /// <summary>Whether this is, or says it is, a checkpoint of the family; loading says what is damaged.</summary>
    internal static bool Recognise(string path, ModelFamily family)
    {
        try
        {
            if (File.Exists(path))
                return WeightFile.IsSafetensors(path) && Names(Path.GetDirectoryName(path)!, ConfigName);
            if (File.Exists(Path.Combine(path, IndexName)))
                return Names(path, IndexName);
            if (File.Exists(Path.Combine(path, ConfigName)))
                return Names(path, ConfigName);
            return TrainedParts(path, family).Any(part => Names(part, ConfigName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }

        bool Names(string folder, string file) =>
            File.Exists(Path.Combine(folder, file))
            && File.ReadAllText(Path.Combine(folder, file))
                .Contains($"\"{family.ClassName}\"", StringComparison.Ordinal);
    }

    internal static Checkpoint Find(string path, ModelFamily family)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
            return OfModelFolder(Path.GetDirectoryName(full)!) with { GivenWeights = full };
        var index = Path.Combine(full, IndexName);
        if (File.Exists(index))
            return OfPipeline(full, JsonConfig.Read(index), family);
        return OfModelFolder(File.Exists(Path.Combine(full, ConfigName)) ? full : TrainedPart(full, family));
    }

    private static Checkpoint OfPipeline(string folder, JsonConfig index, ModelFamily family)
    {
        CheckParts(index, family);
        var part = Path.Combine(folder, family.Part);
        return new(index, Directory.Exists(part) ? part : folder, SchedulerFiles.OfPipeline(folder));
    }

    private static Checkpoint OfModelFolder(string folder)
    {
        var file = SchedulerFiles.OfModel(folder);
        if (file is not null)
            return new(null, folder, file);
        var checkpoint = Path.GetDirectoryName(folder) ?? folder;
        var ofRun = SchedulerFiles.OfTrainingRun(checkpoint);
        return new(null, folder, ofRun)
        {
            SchedulerNote = ofRun is null
                ? null
                : $"{Path.GetFileName(checkpoint)} holds no scheduler; that of the pipeline beside it was taken.",
        };
    }

    /// <summary>The folders of a training script's checkpoint that hold a network of the family.</summary>
    private static IEnumerable<string> TrainedParts(string folder, ModelFamily family) =>
        new[] { family.Part, family.AveragePart }
            .Select(part => Path.Combine(folder, part))
            .Where(part => File.Exists(Path.Combine(part, ConfigName)));

    private static string TrainedPart(string folder, ModelFamily family) =>
        TrainedParts(folder, family).ToList() switch
        {
            [var part] => part,
            [var part, var average] => throw new AuditException(
                $"'{folder}' holds the weights as trained in '{part}' and their moving average in '{average}'; give "
                    + "the one that made the pictures."
            ),
            _ => throw new AuditException(
                $"'{folder}' holds neither {IndexName} nor {ConfigName}; give the folder of a diffusers checkpoint."
            ),
        };

    // A pipeline with another part (an autoencoder, a text encoder) computes something else than its network alone.
    private static void CheckParts(JsonConfig json, ModelFamily family)
    {
        foreach (var entry in json.Entries)
        {
            if (PartClass(json, entry.Name) is not { } className)
                continue;
            if (entry.Name == family.Part && className != family.ClassName)
                throw json.Refuse(family.Part, entry.Value, $"which is not supported; supported is {family.ClassName}");
            if (entry.Name != family.Part && entry.Name != "scheduler")
                throw new AuditException(
                    $"'{json.Path}' has the part '{entry.Name}' ({className}), which is not supported; "
                        + $"supported are pipelines of a {family.ClassName} and a scheduler."
                );
        }
    }

    /// <summary>The class that an index loads a part as; null for a part that the pipeline does without.</summary>
    /// <remarks>An entry is a library and a class of it, or two nulls.</remarks>
    internal static string? PartClass(JsonConfig index, string part)
    {
        if (part.StartsWith('_') || index.Find(part) is not { ValueKind: JsonValueKind.Array } entry)
            return null;
        return entry
            .EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.String)
            .Select(item => item.GetString())
            .LastOrDefault();
    }
}
