using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>What a CLIP text encoder is built from; names and defaults are those of CLIPTextConfig.</summary>
internal sealed record ClipTextConfig
{
    /// <summary>What old files say, though no end token ever had this id.</summary>
    internal const int LegacyEosTokenId = 2;

    private const string Plain = "CLIPTextModel";
    private const string Projected = "CLIPTextModelWithProjection";

    internal int VocabSize { get; init; }
    internal int HiddenSize { get; init; }
    internal int IntermediateSize { get; init; }
    internal int NumHiddenLayers { get; init; }
    internal int NumAttentionHeads { get; init; }
    internal int MaxPositionEmbeddings { get; init; }
    internal bool QuickGelu { get; init; }
    internal double LayerNormEps { get; init; }
    internal double AttentionDropout { get; init; }
    internal int EosTokenId { get; init; }

    /// <summary>Width of the projected pooled output; null for an encoder without projection.</summary>
    internal int? ProjectionDim { get; init; }

    /// <summary>Reads text_encoder/config.json.</summary>
    /// <param name="className">
    /// The class that the pipeline's model_index.json loads it as; null for the class that it was saved from.
    /// </param>
    internal static ClipTextConfig Read(JsonConfig json, string? className)
    {
        json.OneOf("model_type", "clip_text_model", "clip_text_model");
        var projectionDim = json.Int("projection_dim", 512, 1, 65536);
        var config = new ClipTextConfig
        {
            VocabSize = json.Int("vocab_size", 49408, 1, 1 << 24),
            HiddenSize = json.Int("hidden_size", 512, 1, 65536),
            IntermediateSize = json.Int("intermediate_size", 2048, 1, 1 << 20),
            NumHiddenLayers = json.Int("num_hidden_layers", 12, 1, 1000),
            NumAttentionHeads = json.Int("num_attention_heads", 8, 1, 65536),
            MaxPositionEmbeddings = json.Int("max_position_embeddings", 77, 1, 1 << 20),
            QuickGelu = json.OneOf("hidden_act", "quick_gelu", "quick_gelu", "gelu") == "quick_gelu",
            LayerNormEps = json.Double("layer_norm_eps", 1e-5, 0, 1),
            AttentionDropout = json.Double("attention_dropout", 0, 0, 1),
            EosTokenId = json.Int("eos_token_id", LegacyEosTokenId, 0, 1 << 24),
            ProjectionDim = HasProjection(json, className) ? projectionDim : null,
        };
        // Initial values, and ids that the tokenizer decides; no published code of the encoder reads "dropout".
        json.Ignore("initializer_factor", "initializer_range", "bos_token_id", "pad_token_id", "dropout");
        json.Ignore("torch_dtype", "dtype", "transformers_version");
        json.RefuseUnread();
        if (config.HiddenSize % config.NumAttentionHeads != 0)
            throw json.Refuse(
                "num_attention_heads",
                config.NumAttentionHeads,
                $"which does not divide the hidden_size of {config.HiddenSize}"
            );
        return config;
    }

    private static bool HasProjection(JsonConfig json, string? className)
    {
        var architectures = json.Strings("architectures") ?? [];
        var kind = className ?? string.Join(", ", architectures);
        if (kind is Plain or Projected)
            return kind == Projected;
        throw new AuditException(
            $"'{json.Path}' describes the text encoder \"{kind}\", where {Plain} or {Projected} is expected in its "
                + "architectures or in model_index.json; give a CLIP text encoder."
        );
    }
}
