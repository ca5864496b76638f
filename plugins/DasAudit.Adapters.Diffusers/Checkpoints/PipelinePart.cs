namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>A network of a pipeline folder: a folder with config.json and weights.</summary>
/// <param name="Folder">Absolute path.</param>
/// <param name="Stem">How the names of its files of weights begin: a constant of <see cref="WeightFile"/>.</param>
internal sealed record PipelinePart(string Folder, string Stem)
{
    private const string ConfigName = "config.json";

    /// <summary>The file of weights that was given; null for the only one that can be meant.</summary>
    internal WeightFile? GivenWeights { get; init; }

    internal string ConfigFile => Path.Combine(Folder, ConfigName);

    /// <summary>The part of a pipeline folder; its configuration must be there, its weights need not.</summary>
    /// <param name="name">What model_index.json calls it, which is also the name of its folder.</param>
    internal static PipelinePart Find(string pipeline, string name, string stem)
    {
        var part = new PipelinePart(Path.GetFullPath(Path.Combine(pipeline, name)), stem);
        if (!Directory.Exists(part.Folder))
            throw new AuditException(
                $"'{pipeline}' lacks the folder {name} with a part that the pipeline needs; get the whole pipeline."
            );
        if (!File.Exists(part.ConfigFile))
            throw new AuditException($"'{part.Folder}' holds no {ConfigName}; get the whole pipeline.");
        return part;
    }

    /// <summary>Its file of weights.</summary>
    /// <exception cref="AuditException">There is none, or nothing says which of several.</exception>
    internal WeightFile FindWeights() => GivenWeights ?? WeightFiles.OfPart(Folder, Stem);

    internal JsonConfig ReadConfig() => JsonConfig.Read(ConfigFile);
}
