using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>What a single file does not hold, in diffusers' and transformers' words.</summary>
/// <param name="TextEncoders">As many as the file has, in its order.</param>
/// <param name="Scheduler">As scheduler_config.json says it.</param>
internal sealed record OriginalConfiguration(
    JsonConfig Unet,
    JsonConfig Vae,
    IReadOnlyList<TextEncoderConfiguration> TextEncoders,
    JsonConfig Scheduler
)
{
    /// <summary>The file that states the scheduler; null if none does, so that the family's was assumed.</summary>
    internal string? SchedulerFile { get; init; }

    /// <summary>A sentence on what of the scheduler was assumed or is contradicted; mostly null.</summary>
    internal string? SchedulerNote { get; init; }

    /// <summary>Whether no prompt at all means embeddings of zeros; null for what the family does.</summary>
    internal bool? ForceZerosForEmptyPrompt { get; init; }

    /// <summary>Absolute paths of the files that state all this; none for a family that the tool knows.</summary>
    internal IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Sentences on what no file states, the scheduler apart.</summary>
    internal IReadOnlyList<string> Assumptions { get; init; } = [];

    private static readonly string[] YamlEndings = [".yaml", ".yml"];

    /// <summary>
    /// The configuration of a file: the one asked for, else that of the same name beside it, else that of a family that
    /// the tool knows by its sizes.
    /// </summary>
    /// <param name="asked">A diffusers pipeline, whose weights may be absent, or an original YAML file.</param>
    internal static OriginalConfiguration Of(OriginalFile file, string? asked)
    {
        var configuration = asked is null ? BesideItOrOfFamily(file) : AskedFor(file, Path.GetFullPath(asked));
        return PredictionMarkers.Of(file).Contradiction(configuration.Scheduler, file.Path) is { } contradiction
            ? configuration with
            {
                SchedulerNote = contradiction,
            }
            : configuration;
    }

    private static OriginalConfiguration BesideItOrOfFamily(OriginalFile file)
    {
        var beside = YamlEndings.Select(ending => Path.ChangeExtension(file.Path, ending)).FirstOrDefault(File.Exists);
        return beside is null
            ? KnownFamily.ConfigurationOf(file)
            : new OriginalSettings(YamlConfig.Read(beside), file).Configuration();
    }

    private static OriginalConfiguration AskedFor(OriginalFile file, string path)
    {
        if (Directory.Exists(path))
            return ConfigurationFolder.Read(path, file);
        if (!File.Exists(path) || !YamlEndings.Contains(Path.GetExtension(path)))
            throw new AuditException(
                $"'{path}' is no configuration for {ModelLoadOptions.ModelConfigName}; give the folder of a diffusers "
                    + "pipeline (it needs no weights) or the model's original YAML file."
            );
        return new OriginalSettings(YamlConfig.Read(path), file).Configuration();
    }
}
