using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A folder of a diffusers pipeline, of which the configurations alone are read.</summary>
internal static class ConfigurationFolder
{
    internal static OriginalConfiguration Read(string folder, OriginalFile file)
    {
        var unet = Config(folder, "unet");
        var vae = Config(folder, "vae");
        var encoders = file.TextEncoders.Select(encoder => TextEncoder(folder, encoder)).ToList();
        var schedulerFile = SchedulerFiles.OfPipeline(folder);
        var indexFile = Path.Combine(folder, Checkpoint.IndexName);
        var index = File.Exists(indexFile) ? JsonConfig.Read(indexFile) : null;
        var (assumed, note) = KnownFamily.SchedulerOf(file);
        var scheduler = schedulerFile is null ? assumed.Json(file.Path, file.Family) : JsonConfig.Read(schedulerFile);
        string?[] files =
        [
            unet.Path,
            vae.Path,
            .. encoders.Select(encoder => encoder.Config.Path),
            schedulerFile,
            index?.Path,
            .. encoders.SelectMany(encoder => encoder.Tokenizer is { } folder ? ClipVocabulary.Files(folder) : []),
        ];
        return new(unet, vae, encoders, scheduler)
        {
            SchedulerFile = schedulerFile,
            SchedulerNote = schedulerFile is null ? note : null,
            ForceZerosForEmptyPrompt = index?.Bool(Checkpoint.ForceZerosKey, file.IsXl),
            Files = [.. files.OfType<string>()],
            Assumptions =
            [
                .. encoders
                    .Where(encoder => encoder.Tokenizer is null && encoder.HasClipsTokens)
                    .Select(encoder =>
                        $"'{folder}' holds no tokenizer for {encoder.Encoder.Part}; CLIP's own was taken."
                    ),
            ],
        };
    }

    private static JsonConfig Config(string folder, string part) =>
        PipelinePart.Find(folder, part, WeightFile.Diffusers).ReadConfig();

    private static TextEncoderConfiguration TextEncoder(string folder, OriginalTextEncoder encoder)
    {
        var tokenizer = TokenizerFolder(folder, encoder);
        return new(encoder, Config(folder, encoder.Part), Directory.Exists(tokenizer) ? tokenizer : null);
    }

    // tokenizer for text_encoder, tokenizer_2 for text_encoder_2
    private static string TokenizerFolder(string folder, OriginalTextEncoder encoder) =>
        Path.Combine(folder, encoder.Part.Replace("text_encoder", "tokenizer", StringComparison.Ordinal));
}
