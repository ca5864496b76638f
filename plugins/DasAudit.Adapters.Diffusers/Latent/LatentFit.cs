using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Whether the parts of a latent model belong together; where they do not, it is refused.</summary>
internal sealed class LatentFit(ILatentSource source, LatentConfigs configs)
{
    private const string Remedy = "check that the parts belong together";

    internal void Check()
    {
        CheckLatents();
        CheckCount();
        CheckTextWidth();
        CheckPooledWidth();
        foreach (var (part, config) in source.TextEncoders.Zip(configs.TextEncoders))
            CheckTokens(part, config);
        CheckLengths();
    }

    private void CheckLatents()
    {
        var (unet, vae) = (configs.Unet, configs.Vae);
        if (unet.InChannels != vae.LatentChannels)
            throw source.UnetConfig.Refuse(
                "in_channels",
                unet.InChannels,
                $"but the autoencoder's latents have {vae.LatentChannels} channels; models that take a mask or "
                    + "a picture besides, such as for inpainting, are not supported"
            );
        if (unet.OutChannels != unet.InChannels)
            throw source.UnetConfig.Refuse(
                "out_channels",
                unet.OutChannels,
                $"but in_channels to {unet.InChannels}; models that predict a variance as well are not supported"
            );
    }

    private void CheckCount()
    {
        var isXl = configs.Unet.AdditionTimeEmbedDim is not null;
        if (!isXl && source.TextEncoders.Count > 1)
            throw Misfit("Stable Diffusion 1.x or 2.x", "are 2 text encoders");
        if (isXl && source.TextEncoders.Count == 1)
            throw Misfit("SDXL", "is 1 text encoder");
    }

    private AuditException Misfit(string kind, string encoders) =>
        new($"'{source.UnetConfig.Path}' describes a U-Net of {kind}, but there {encoders}; get the whole pipeline.");

    private void CheckTextWidth()
    {
        var width = configs.TextEncoders.Sum(encoder => encoder.HiddenSize);
        if (configs.Unet.CrossAttentionDim.Any(dimension => dimension != width))
            throw source.UnetConfig.Refuse(
                "cross_attention_dim",
                configs.Unet.CrossAttentionDim.First(dimension => dimension != width),
                $"but the text embeddings have {width} values a token; {Remedy}"
            );
    }

    private void CheckPooledWidth()
    {
        if (configs.Unet.AdditionTimeEmbedDim is not { } timeWidth)
            return;
        var encoder = configs.TextEncoders[^1];
        var width = (encoder.ProjectionDim ?? encoder.HiddenSize) + 6 * timeWidth;
        if (width != configs.Unet.AdditionInputDim)
            throw source.UnetConfig.Refuse(
                "projection_class_embeddings_input_dim",
                configs.Unet.AdditionInputDim,
                $"but the pooled text embedding and six embedded numbers have {width}; {Remedy}"
            );
    }

    // A token or a place that the encoder has no embedding of would be looked up beyond its table.
    private static void CheckTokens(TextEncoderPart part, ClipTextConfig config)
    {
        var (ids, length) = (part.Vocabulary.Ids.Values, part.Vocabulary.Length);
        if (length > config.MaxPositionEmbeddings)
            throw part.Config.Refuse(
                "max_position_embeddings",
                config.MaxPositionEmbeddings,
                $"but its tokenizer fills prompts up to {length} tokens; {Remedy}"
            );
        if (ids.Min() < 0 || ids.Max() >= config.VocabSize)
            throw part.Config.Refuse(
                "vocab_size",
                config.VocabSize,
                $"but the tokens of its tokenizer have the numbers {ids.Min()} to {ids.Max()}; {Remedy}"
            );
    }

    private void CheckLengths()
    {
        var (first, last) = (source.TextEncoders[0], source.TextEncoders[^1]);
        if (first.Vocabulary.Length != last.Vocabulary.Length)
            throw new AuditException(
                $"The tokenizer for '{first.Config.Path}' fills prompts up to {first.Vocabulary.Length} tokens, and "
                    + $"that for '{last.Config.Path}' up to {last.Vocabulary.Length}, where SDXL needs as many; "
                    + $"{Remedy}."
            );
    }
}
