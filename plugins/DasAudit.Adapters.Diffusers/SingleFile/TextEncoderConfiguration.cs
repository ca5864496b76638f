using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A text encoder's configuration, and the vocabulary of its tokenizer.</summary>
/// <param name="ClassName">The class of transformers that a pipeline loads it as.</param>
internal sealed record TextEncoderConfiguration(JsonConfig Config, string ClassName, ClipVocabulary Vocabulary)
{
    private const string Plain = "CLIPTextModel";
    private const string Projected = "CLIPTextModelWithProjection";

    /// <summary>The class of a text encoder: SDXL's second one alone has a pooled embedding that is projected.</summary>
    internal static string ClassOf(OriginalTextEncoder encoder) => encoder.Part == "text_encoder_2" ? Projected : Plain;

    internal ClipTextConfig Read() => ClipTextConfig.Read(Config, ClassName);
}
