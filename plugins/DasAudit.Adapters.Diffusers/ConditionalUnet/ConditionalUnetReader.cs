using System.Text.Json;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>Reads the configuration of a UNet2DConditionModel; what is not supported is refused by its name.</summary>
internal sealed class ConditionalUnetReader(JsonConfig json)
{
    internal const string DownWithAttention = "CrossAttnDownBlock2D";
    internal const string UpWithAttention = "CrossAttnUpBlock2D";
    private const string MidBlock = "UNetMidBlock2DCrossAttn";

    internal UNet2DConditionConfig Read()
    {
        if (json.ClassName != "UNet2DConditionModel")
            throw json.Refuse("_class_name", json.ClassName, "where UNet2DConditionModel is expected");
        RefuseOtherKinds();
        var channels = json.Ints("block_out_channels", 1, 65536) ?? [320, 640, 1280, 1280];
        if (channels.Length is 0 or > 16)
            throw json.Refuse(
                "block_out_channels",
                json.Find("block_out_channels"),
                "where a list of 1 to 16 numbers is expected"
            );
        var levels = channels.Length;
        var midBlock = json.String("mid_block_type", MidBlock);
        if (midBlock is not (null or MidBlock))
            throw json.Refuse("mid_block_type", midBlock, $"which is not supported; supported is {MidBlock}");
        var hasTimeIds = HasTimeIds();
        var config = new UNet2DConditionConfig
        {
            SampleSize = SampleSize(),
            InChannels = json.Int("in_channels", 4, 1, 4096),
            OutChannels = json.Int("out_channels", 4, 1, 4096),
            CenterInputSample = json.Bool("center_input_sample", false),
            BlockOutChannels = channels,
            DownBlockTypes = Blocks("down_block_types", ["DownBlock2D", DownWithAttention], levels),
            UpBlockTypes = Blocks("up_block_types", ["UpBlock2D", UpWithAttention], levels),
            HasMidBlock = midBlock is not null,
            LayersPerBlock = PerLevel("layers_per_block", 2, 100, levels),
            MidBlockScaleFactor = json.Double("mid_block_scale_factor", 1, 1e-6, 1e6),
            DownsamplePadding = json.Int("downsample_padding", 1, 0, 1),
            Dropout = json.Double("dropout", 0, 0, 1),
            NormNumGroups = json.Int("norm_num_groups", 32, 1, 65536),
            NormEps = json.Double("norm_eps", 1e-5, 0, 1),
            ScaleShift = json.OneOf("resnet_time_scale_shift", "default", "default", "scale_shift") == "scale_shift",
            TimeEmbeddingDim = json.NullableInt("time_embedding_dim", null, 1, 1 << 20) ?? channels[0] * 4,
            FlipSinToCos = json.Bool("flip_sin_to_cos", true),
            FreqShift = json.Int("freq_shift", 0, 0, 1),
            AdditionTimeEmbedDim = hasTimeIds ? Required("addition_time_embed_dim") : null,
            AdditionInputDim = hasTimeIds ? Required("projection_class_embeddings_input_dim") : 0,
            CrossAttentionDim = PerLevel("cross_attention_dim", 1280, 65536, levels),
            TransformerLayersPerBlock = PerLevel("transformer_layers_per_block", 1, 1000, levels),
            AttentionHeads = PerLevel("attention_head_dim", 8, 65536, levels),
            OnlyCrossAttention = OnlyCrossAttention(levels),
            UseLinearProjection = json.Bool("use_linear_projection", false),
            UpcastAttention = json.Bool("upcast_attention", false),
        };
        IgnoreWhatNothingReads();
        json.RefuseUnread();
        Check(config);
        return config;
    }

    // Settings of other kinds of U-Net, refused unless they say what those of Stable Diffusion are.
    private void RefuseOtherKinds()
    {
        json.OneOf("act_fn", "silu", "silu", "swish");
        json.OneOf("time_embedding_type", "positional", "positional");
        json.OneOf("attention_type", "default", "default");
        RefuseUnlessNull(
            "class_embed_type",
            "num_class_embeds",
            "encoder_hid_dim",
            "encoder_hid_dim_type",
            "num_attention_heads",
            "reverse_transformer_layers_per_block",
            "time_embedding_act_fn",
            "timestep_post_act",
            "time_cond_proj_dim",
            "cross_attention_norm"
        );
        RefuseUnlessFalse("dual_cross_attention", "class_embeddings_concat", "resnet_skip_time_act");
        foreach (var key in (string[])["conv_in_kernel", "conv_out_kernel"])
            if (json.Find(key) is { } kernel && json.Int(key, 3, 1, 99) != 3)
                throw json.Refuse(key, kernel, "which is not supported; supported is 3");
        if (json.Double("resnet_out_scale_factor", 1, 1e-6, 1e6) is not 1 and var factor)
            throw json.Refuse("resnet_out_scale_factor", factor, "which is not supported; supported is 1");
    }

    // diffusers hands these to kinds of blocks and embeddings that are refused above.
    private void IgnoreWhatNothingReads()
    {
        json.Ignore("addition_embed_type_num_heads", "mid_block_only_cross_attention");
        // Given without SDXL's embedding, diffusers does not look at them either.
        json.Ignore("addition_time_embed_dim", "projection_class_embeddings_input_dim");
    }

    private void RefuseUnlessNull(params string[] keys)
    {
        foreach (var key in keys)
            if (json.Find(key) is { } value)
                throw json.Refuse(key, value, "which is not supported; supported is null");
    }

    private void RefuseUnlessFalse(params string[] keys)
    {
        foreach (var key in keys)
            if (json.Bool(key, false))
                throw json.Refuse(key, true, "which is not supported; supported is false");
    }

    private (int Height, int Width)? SampleSize()
    {
        if (json.Find("sample_size") is not { } size)
            return null;
        if (size.ValueKind != JsonValueKind.Array)
            return (json.Int("sample_size", 0, 1, 65536), json.Int("sample_size", 0, 1, 65536));
        return json.Ints("sample_size", 1, 65536) is [var height, var width]
            ? (height, width)
            : throw json.Refuse("sample_size", size, "where a size or height and width are expected");
    }

    private string[] Blocks(string key, string[] supported, int levels)
    {
        // By default the smallest picture alone has no attention.
        string[] withAttention = [.. Enumerable.Repeat(supported[1], Math.Max(levels - 1, 0))];
        var isDown = supported[1] == DownWithAttention;
        string[] fallback = isDown ? [.. withAttention, supported[0]] : [supported[0], .. withAttention];
        var types = json.Strings(key) ?? fallback;
        if (types.FirstOrDefault(type => !supported.Contains(type)) is { } unknown)
            throw new AuditException(
                $"'{json.Path}' asks in {key} for the block type '{unknown}', which is not supported; supported "
                    + $"are {string.Join(" and ", supported)}."
            );
        CheckLength(key, types.Length, levels);
        return types;
    }

    private int[] PerLevel(string key, int fallback, int max, int levels)
    {
        if (json.Find(key) is not { ValueKind: JsonValueKind.Array })
            return [.. Enumerable.Repeat(json.Int(key, fallback, 1, max), levels)];
        var values = json.Ints(key, 1, max)!;
        CheckLength(key, values.Length, levels);
        return values;
    }

    private bool[] OnlyCrossAttention(int levels)
    {
        const string Key = "only_cross_attention";
        if (json.Find(Key) is not { ValueKind: JsonValueKind.Array } list)
            return [.. Enumerable.Repeat(json.Bool(Key, false), levels)];
        CheckLength(Key, list.GetArrayLength(), levels);
        if (list.EnumerateArray().Any(item => item.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            throw json.Refuse(Key, list, "where true, false or a list of them is expected");
        return [.. list.EnumerateArray().Select(item => item.GetBoolean())];
    }

    private bool HasTimeIds()
    {
        if (json.String("addition_embed_type", null) is not { } type)
            return false;
        return type == "text_time"
            ? true
            : throw json.Refuse(
                "addition_embed_type",
                type,
                "which is not supported; supported are null and text_time"
            );
    }

    private int Required(string key) =>
        json.NullableInt(key, null, 1, 1 << 20)
        ?? throw new AuditException(
            $"'{json.Path}' has the addition_embed_type text_time but no {key}; get the file again."
        );

    private void CheckLength(string key, int count, int levels)
    {
        if (count != levels)
            throw new AuditException(
                $"'{json.Path}' has {count} entries in {key} but {levels} in block_out_channels; make them as many."
            );
    }

    private void Check(UNet2DConditionConfig config)
    {
        if (config.BlockOutChannels[0] % 2 != 0 || config.BlockOutChannels[0] / 2 <= config.FreqShift)
            throw json.Refuse(
                "block_out_channels",
                config.BlockOutChannels[0],
                "as its first entry, where an even number is expected that is large enough for a time embedding"
            );
        if (config.AdditionTimeEmbedDim is { } width && (width % 2 != 0 || width / 2 <= config.FreqShift))
            throw json.Refuse(
                "addition_time_embed_dim",
                width,
                "where an even number is expected that is large enough for an embedding"
            );
        for (var level = 0; level < config.Levels; level++)
        {
            var (channels, heads) = (config.BlockOutChannels[level], config.AttentionHeads[level]);
            if (channels % config.NormNumGroups != 0)
                throw json.Refuse(
                    "norm_num_groups",
                    config.NormNumGroups,
                    $"which does not divide the block's {channels} channels"
                );
            if (config.HasAttention(level) && channels % heads != 0)
                throw json.Refuse(
                    "attention_head_dim",
                    heads,
                    $"a number of heads that does not divide the block's {channels} channels"
                );
        }
    }
}
