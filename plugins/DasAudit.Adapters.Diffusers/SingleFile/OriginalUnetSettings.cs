using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>The parameters of the original U-Net, said as diffusers' unet/config.json.</summary>
internal sealed class OriginalUnetSettings(JsonConfig parameters, OriginalFile file)
{
    /// <summary>Numbers that SDXL is conditioned on beside the prompt.</summary>
    private const int TimeIds = 6;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <param name="sampleSize">Height and width of the latents that the model was trained with.</param>
    internal JsonConfig Json(int sampleSize)
    {
        var channels = Channels();
        var hasAttention = HasAttention(channels.Length);
        var json = new JsonObject
        {
            ["_class_name"] = "UNet2DConditionModel",
            ["sample_size"] = sampleSize,
            ["in_channels"] = parameters.Int("in_channels", 4, 1, 4096),
            ["out_channels"] = parameters.Int("out_channels", 4, 1, 4096),
            ["block_out_channels"] = Array(channels),
            ["down_block_types"] = Array(
                hasAttention.Select(has => has ? ConditionalUnetReader.DownWithAttention : "DownBlock2D")
            ),
            ["up_block_types"] = Array(
                hasAttention.Reverse().Select(has => has ? ConditionalUnetReader.UpWithAttention : "UpBlock2D")
            ),
            ["layers_per_block"] = Array(PerLevel("num_res_blocks", 1, channels.Length)),
            ["transformer_layers_per_block"] = Array(PerLevel("transformer_depth", 1, channels.Length)),
            ["cross_attention_dim"] = Required("context_dim"),
            ["attention_head_dim"] = Array(Heads(channels)),
            ["use_linear_projection"] = parameters.Bool("use_linear_in_transformer", false),
            ["dropout"] = parameters.Double("dropout", 0, 0, 1),
            ["norm_num_groups"] = 32,
        };
        AddConditions(json);
        RefuseUnsupported();
        return JsonConfig.Parse(parameters.Path, json.ToJsonString(Indented));
    }

    private int[] Channels()
    {
        var first = Required("model_channels");
        var factors = parameters.Ints("channel_mult", 1, 64) ?? [1, 2, 4, 8];
        return System.Array.ConvertAll(factors, factor => first * factor);
    }

    // attention_resolutions are the factors by which a level's picture is smaller.
    private bool[] HasAttention(int levels)
    {
        var factors = parameters.Ints("attention_resolutions", 1, 65536) ?? [];
        return [.. Enumerable.Range(0, levels).Select(level => factors.Contains(1 << level))];
    }

    private int[] Heads(int[] channels)
    {
        var width = parameters.Int("num_head_channels", -1, -1, 65536);
        return width > 0
            ? System.Array.ConvertAll(channels, count => Math.Max(count / width, 1))
            : System.Array.ConvertAll(channels, _ => Required("num_heads"));
    }

    private void AddConditions(JsonObject json)
    {
        if (parameters.Find("num_classes") is null)
            return;
        parameters.OneOf("num_classes", "sequential", "sequential");
        var width = Required("adm_in_channels");
        json["addition_embed_type"] = "text_time";
        json["projection_class_embeddings_input_dim"] = width;
        json["addition_time_embed_dim"] = (width - file.TextEncoders[^1].ProjectionDim) / TimeIds;
    }

    private void RefuseUnsupported()
    {
        foreach (var key in (string[])["use_scale_shift_norm", "resblock_updown", "disable_self_attentions"])
            if (parameters.Bool(key, false))
                throw parameters.Refuse(key, true, "which is not supported; supported is false");
        foreach (var key in (string[])["conv_resample", "use_spatial_transformer"])
            if (!parameters.Bool(key, true))
                throw parameters.Refuse(key, false, "which is not supported; supported is true");
        parameters.Int("dims", 2, 2, 2);
        // A size that nothing reads, how it is computed, and how heads were once counted.
        parameters.Ignore("image_size", "use_checkpoint", "use_fp16", "use_bf16", "legacy");
        parameters.Ignore("spatial_transformer_attn_type", "num_heads", "num_heads_upsample", "num_head_channels");
        parameters.RefuseUnread();
    }

    private int[] PerLevel(string key, int fallback, int levels)
    {
        if (parameters.Find(key) is not { ValueKind: JsonValueKind.Array } list)
            return [.. Enumerable.Repeat(parameters.Int(key, fallback, 1, 1000), levels)];
        var values = parameters.Ints(key, 0, 1000)!;
        if (values.Length != levels)
            throw parameters.Refuse(key, list, $"where {levels} entries are expected, as in channel_mult");
        // No transformer at all on a level without attention is said as 0 in some files.
        return System.Array.ConvertAll(values, value => Math.Max(value, 1));
    }

    private int Required(string key) =>
        parameters.NullableInt(key, null, 1, 1 << 20)
        ?? throw new AuditException($"'{parameters.Path}' states no {key} of the U-Net; get the file again.");

    private static JsonArray Array<T>(IEnumerable<T> items) => new([.. items.Select(item => JsonValue.Create(item))]);
}
