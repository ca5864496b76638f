using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A text encoder's configuration, and where the vocabulary of its tokenizer comes from.</summary>
/// <param name="Tokenizer">The folder of its tokenizer; null for CLIP's own, which the tool holds.</param>
internal sealed record TextEncoderConfiguration(OriginalTextEncoder Encoder, JsonConfig Config, string? Tokenizer)
{
    private const string Plain = "CLIPTextModel";
    private const string Projected = "CLIPTextModelWithProjection";

    /// <summary>Whether it has as many tokens as CLIP's own tokenizer.</summary>
    internal bool HasClipsTokens => Encoder.VocabSize == BuiltInVocabulary.Count;

    /// <summary>The class of transformers that a pipeline loads it as.</summary>
    internal string ClassName => ClassOf(Encoder);

    /// <summary>The class of a text encoder: SDXL's second one alone projects its pooled embedding.</summary>
    internal static string ClassOf(OriginalTextEncoder encoder) => encoder.Part == "text_encoder_2" ? Projected : Plain;

    internal ClipTextConfig Read() => ClipTextConfig.Read(Config, ClassName);

    /// <summary>The vocabulary of its tokenizer.</summary>
    /// <exception cref="AuditException">None was given, and the encoder has other tokens than CLIP's.</exception>
    internal ClipVocabulary ReadVocabulary()
    {
        if (Tokenizer is not null)
            return ClipVocabulary.Read(Tokenizer);
        if (!HasClipsTokens)
            throw new AuditException(
                $"'{Encoder.File.Path}' has a text encoder of {Encoder.VocabSize} tokens, and CLIP's own tokenizer has "
                    + $"{BuiltInVocabulary.Count}; give with {ModelLoadOptions.ModelConfigName} the folder of a "
                    + "diffusers pipeline with its tokenizer."
            );
        return ClipVocabulary.BuiltIn(Encoder.IsOpenClip ? "!" : ClipVocabulary.EndToken);
    }
}
