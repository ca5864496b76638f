using DasAudit.Core.Files;

namespace DasAudit.Clip;

/// <summary>The files that say how pictures are prepared for an encoder.</summary>
internal static class PreprocessingFiles
{
    private const string ImageProcessor = "image_processor";
    private const string Processor = "processor_config.json";
    private const string Preprocessor = "preprocessor_config.json";
    private const string PreprocessCfg = "preprocess_cfg.json";
    private const string OpenClip = "open_clip_config.json";

    /// <summary>
    /// Names that are looked for, in their order. transformers 5 looks for an image_processor in the first before it
    /// reads the second.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [Processor, Preprocessor, PreprocessCfg, OpenClip];

    /// <summary>Reads what lies beside an encoder, in the nearest folder that has it.</summary>
    /// <param name="files">The encoder.</param>
    /// <exception cref="AuditException">Nothing says it, or two files contradict each other.</exception>
    public static EncoderPreprocessing Find(EncoderFiles files)
    {
        var paths = Names.Select(name => FirstOf(files, name)).OfType<string>().ToList();
        if (paths.Count == 0)
            throw new AuditException(
                $"No file beside the encoder '{files.Model}' says how to prepare pictures for it; put its own there "
                    + $"({string.Join(", ", Names)}), or say it with {Settings.Name("preprocess")} "
                    + $"{string.Join('|', PreprocessingPresets.Names)} or a file."
            );
        var first = Read(paths[0], files.Shown(paths[0]));
        var others = paths.Skip(1).Where(path => Contradicts(path, first)).ToList();
        if (others.Count == 0)
            return first;
        var contradicting = files.Shown(others[0]);
        if (others is [var only] && Path.GetFileName(paths[0]) == Processor && Path.GetFileName(only) == Preprocessor)
            return first with
            {
                Assumptions =
                [
                    .. first.Assumptions,
                    $"'{first.Source}' and '{contradicting}' beside the encoder contradict each other; the first "
                        + "was followed, as transformers 5 does.",
                ],
            };
        throw new AuditException(
            $"'{first.Source}' and '{contradicting}' beside the encoder '{files.Model}' contradict each other; remove "
                + $"the one that is wrong, or name the other with {Settings.Name("preprocess")}."
        );
    }

    /// <summary>Reads a file of any known kind.</summary>
    /// <param name="source">How the file is called in reports.</param>
    public static EncoderPreprocessing Read(string path, string source)
    {
        IReadOnlyList<string> missing = [];
        var settings = ConfigObject.Read(path, config => Parse(config, Path.GetFileName(path), out missing));
        return new(
            settings,
            source,
            missing.Count == 0
                ? []
                :
                [
                    $"'{source}' names neither an image processor nor {string.Join(", ", missing)}; "
                        + "CLIP's own were assumed.",
                ]
        );
    }

    /// <summary>Reads the file that the caller gave.</summary>
    /// <exception cref="AuditException">It is neither a file nor a preset, or cannot be followed.</exception>
    public static EncoderPreprocessing ReadGiven(GivenPreprocessing given) =>
        File.Exists(given.Choice)
            ? Read(given.Choice, given.ShownAs)
            : throw new AuditException(
                $"'{given.ShownAs}' names no file that is there; give a preprocessing file or one of "
                    + $"{string.Join(", ", PreprocessingPresets.Names)}."
            );

    private static PreprocessorSettings Parse(ConfigObject config, string name, out IReadOnlyList<string> missing)
    {
        missing = [];
        if (config.Holds(ImageProcessor))
            return PreprocessorConfig.Parse(
                config.Object(ImageProcessor) ?? throw config.Wrong($"has an {ImageProcessor} that is no object"),
                out missing
            );
        if (name == OpenClip || config.Holds("preprocess_cfg"))
            return OpenClipConfig.ParseWhole(config);
        return name == PreprocessCfg || config.Holds("resize_mode") || config.Holds("interpolation")
            ? OpenClipConfig.Parse(config)
            : PreprocessorConfig.Parse(config, out missing);
    }

    private static bool Contradicts(string path, EncoderPreprocessing first)
    {
        try
        {
            return Read(path, path).Settings.ToString() != first.Settings.ToString();
        }
        catch (AuditException)
        {
            return true;
        }
    }

    private static string? FirstOf(EncoderFiles files, string name) =>
        files
            .Folders.Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(path => File.Exists(path) && (name != Processor || IsNested(path)));

    /// <summary>Whether a processor's file holds its image processor, which transformers 4 kept apart.</summary>
    private static bool IsNested(string path) => ConfigObject.Read(path, config => config.Holds(ImageProcessor));
}
