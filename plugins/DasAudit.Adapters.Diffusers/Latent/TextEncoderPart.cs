using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>A text encoder's configuration, and the vocabulary of its tokenizer.</summary>
/// <param name="ClassName">The class of transformers that a pipeline loads it as.</param>
internal sealed record TextEncoderPart(JsonConfig Config, string ClassName, ClipVocabulary Vocabulary)
{
    internal ClipTextConfig Read() => ClipTextConfig.Read(Config, ClassName);
}
