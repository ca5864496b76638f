using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A folder of a diffusers pipeline, of which the configurations alone are read.</summary>
internal static class ConfigurationFolder
{
    // What decides a tokenizer; the last three may be absent.
    private static readonly string[] TokenizerFiles =
    [
        "vocab.json",
        "merges.txt",
        "special_tokens_map.json",
        "tokenizer_config.json",
        "added_tokens.json",
    ];

    internal static OriginalConfiguration Read(string folder, OriginalFile file)
    {
        var unet = Config(folder, "unet");
        var vae = Config(folder, "vae");
        var encoders = file.TextEncoders.Select(encoder => TextEncoder(folder, encoder)).ToList();
        var schedulerFile = SchedulerFiles.OfPipeline(folder);
        var (assumed, note) = KnownFamily.SchedulerOf(file);
        var scheduler = schedulerFile is null ? assumed.Json(file.Path, file.Family) : JsonConfig.Read(schedulerFile);
        string?[] files =
        [
            unet.Path,
            vae.Path,
            .. encoders.Select(encoder => encoder.Config.Path),
            schedulerFile,
            .. file.TextEncoders.SelectMany(encoder => FilesOf(TokenizerFolder(folder, encoder))),
        ];
        return new(unet, vae, encoders, scheduler)
        {
            SchedulerFile = schedulerFile,
            SchedulerNote = schedulerFile is null ? note : null,
            Source = ConfigurationSource.Request,
            Files = [.. files.OfType<string>()],
            Assumptions = [.. file.TextEncoders.SelectMany(encoder => TokenizerNote(folder, encoder))],
        };
    }

    private static JsonConfig Config(string folder, string part) =>
        PipelinePart.Find(folder, part, WeightFile.Diffusers).ReadConfig();

    private static TextEncoderConfiguration TextEncoder(string folder, OriginalTextEncoder encoder)
    {
        var config = Config(folder, encoder.Part);
        var tokenizer = TokenizerFolder(folder, encoder);
        var vocabulary = Directory.Exists(tokenizer)
            ? ClipVocabulary.Read(tokenizer)
            : KnownFamily.VocabularyOf(encoder);
        return new(config, TextEncoderConfiguration.ClassOf(encoder), vocabulary);
    }

    // tokenizer for text_encoder, tokenizer_2 for text_encoder_2
    private static string TokenizerFolder(string folder, OriginalTextEncoder encoder) =>
        Path.Combine(folder, encoder.Part.Replace("text_encoder", "tokenizer", StringComparison.Ordinal));

    private static IEnumerable<string> TokenizerNote(string folder, OriginalTextEncoder encoder)
    {
        if (!Directory.Exists(TokenizerFolder(folder, encoder)))
            yield return $"'{folder}' holds no tokenizer for {encoder.Part}; CLIP's own was taken.";
    }

    private static IEnumerable<string> FilesOf(string tokenizer) =>
        TokenizerFiles.Select(name => Path.Combine(tokenizer, name)).Where(File.Exists);
}
