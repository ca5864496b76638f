using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>
/// The configuration of a text encoder by its sizes: those of the published ones say how many heads it has, which no
/// file in the original layout does.
/// </summary>
internal static class TextEncoderSettings
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    // OpenAI's ViT-L/14; OpenCLIP's ViT-H/14 and ViT-bigG/14.
    private static readonly (bool IsOpenClip, int Width, int Heads, int Layers)[] Published =
    [
        (false, 768, 12, 12),
        (true, 1024, 16, 24),
        (true, 1280, 20, 32),
    ];

    /// <param name="usesLastLayer">
    /// Whether the last layer's states are used; else it is left out, as files from diffusers leave it out.
    /// </param>
    /// <param name="path">What configures the model, for messages.</param>
    internal static TextEncoderConfiguration Of(OriginalTextEncoder encoder, bool usesLastLayer, string path)
    {
        var width = encoder.HiddenSize;
        var published = System.Array.Find(
            Published,
            entry => entry.IsOpenClip == encoder.IsOpenClip && entry.Width == width
        );
        if (published == default)
            throw new AuditException(
                $"'{path}' does not say how many heads the text encoder of width {width} has, which is none of the "
                    + $"published ones; give with {ModelLoadOptions.ModelConfigName} the folder of a diffusers "
                    + "pipeline that does."
            );
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(TextEncoderConfiguration.ClassOf(encoder)),
            ["model_type"] = "clip_text_model",
            ["vocab_size"] = encoder.VocabSize,
            ["hidden_size"] = width,
            ["intermediate_size"] = encoder.IntermediateSize,
            ["num_hidden_layers"] = usesLastLayer
                ? encoder.LayerCount
                : Math.Min(encoder.LayerCount, published.Layers - 1),
            ["num_attention_heads"] = published.Heads,
            ["max_position_embeddings"] = encoder.Positions,
            ["hidden_act"] = encoder.IsOpenClip ? "gelu" : "quick_gelu",
            ["eos_token_id"] = encoder.VocabSize - 1,
        };
        if (encoder.Part == "text_encoder_2")
            json["projection_dim"] = encoder.ProjectionDim;
        return new(encoder, JsonConfig.Parse(path, json.ToJsonString(Indented)), Tokenizer: null);
    }
}
