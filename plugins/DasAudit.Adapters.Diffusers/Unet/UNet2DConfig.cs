using System.Text.Json;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>What a UNet2DModel is built from; names and defaults are those of diffusers.</summary>
internal sealed record UNet2DConfig
{
    private static readonly string[] DownTypes = ["DownBlock2D", "AttnDownBlock2D"];
    private static readonly string[] UpTypes = ["UpBlock2D", "AttnUpBlock2D"];

    // How the moving average was taken whose weights these are; diffusers' EMAModel adds it to the configuration.
    private static readonly string[] MovingAverageKeys =
    [
        "decay",
        "min_decay",
        "optimization_step",
        "update_after_step",
        "use_ema_warmup",
        "inv_gamma",
        "power",
    ];

    internal required int Height { get; init; }
    internal required int Width { get; init; }
    internal int InChannels { get; init; }
    internal int OutChannels { get; init; }
    internal bool CenterInputSample { get; init; }
    internal int TimeEmbeddingDim { get; init; }
    internal int FreqShift { get; init; }
    internal bool FlipSinToCos { get; init; }
    internal required string[] DownBlockTypes { get; init; }
    internal required string[] UpBlockTypes { get; init; }
    internal bool HasMidBlock { get; init; }
    internal required int[] BlockOutChannels { get; init; }
    internal int LayersPerBlock { get; init; }
    internal double MidBlockScaleFactor { get; init; }
    internal int DownsamplePadding { get; init; }
    internal bool ResnetDownsample { get; init; }
    internal bool ResnetUpsample { get; init; }
    internal double Dropout { get; init; }
    internal int? AttentionHeadDim { get; init; }
    internal int NormNumGroups { get; init; }
    internal int? AttnNormNumGroups { get; init; }
    internal double NormEps { get; init; }
    internal bool ScaleShift { get; init; }
    internal bool AddAttention { get; init; }
    internal int? NumClassEmbeds { get; init; }

    internal ResnetSettings Resnets => new(TimeEmbeddingDim, NormNumGroups, NormEps, ScaleShift, Dropout);

    internal AttentionSettings Attentions => new(AttentionHeadDim, NormEps);

    internal ImageShape Shape => new(InChannels, Height, Width);

    /// <summary>Reads unet/config.json.</summary>
    internal static UNet2DConfig Read(JsonConfig json)
    {
        if (json.ClassName != "UNet2DModel")
            throw json.Refuse("_class_name", json.ClassName, "where UNet2DModel is expected");
        var (height, width) = SampleSize(json);
        var channels = json.Ints("block_out_channels", 1, 65536) ?? [224, 448, 672, 896];
        json.OneOf("time_embedding_type", "positional", "positional");
        json.OneOf("act_fn", "silu", "silu", "swish");
        if (json.String("class_embed_type", null) is { } embedType)
            throw json.Refuse(
                "class_embed_type",
                embedType,
                "which is not supported; supported is null with num_class_embeds"
            );
        var midBlockType = json.String("mid_block_type", "UNetMidBlock2D");
        if (midBlockType is not (null or "UNetMidBlock2D"))
            throw json.Refuse("mid_block_type", midBlockType, "which is not supported; supported is UNetMidBlock2D");
        var config = new UNet2DConfig
        {
            Height = height,
            Width = width,
            InChannels = json.Int("in_channels", 3, 1, 4096),
            OutChannels = json.Int("out_channels", 3, 1, 4096),
            CenterInputSample = json.Bool("center_input_sample", false),
            TimeEmbeddingDim =
                json.NullableInt("time_embedding_dim", null, 1, 1 << 20) ?? channels.FirstOrDefault() * 4,
            FreqShift = json.Int("freq_shift", 0, 0, 1),
            FlipSinToCos = json.Bool("flip_sin_to_cos", true),
            DownBlockTypes = Blocks(
                json,
                "down_block_types",
                DownTypes,
                ["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
                channels.Length
            ),
            UpBlockTypes = Blocks(
                json,
                "up_block_types",
                UpTypes,
                ["AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"],
                channels.Length
            ),
            HasMidBlock = midBlockType is not null,
            BlockOutChannels = channels,
            LayersPerBlock = json.Int("layers_per_block", 2, 1, 100),
            MidBlockScaleFactor = json.Double("mid_block_scale_factor", 1, 1e-6, 1e6),
            DownsamplePadding = json.Int("downsample_padding", 1, 0, 1),
            ResnetDownsample = json.OneOf("downsample_type", "conv", "conv", "resnet") == "resnet",
            ResnetUpsample = json.OneOf("upsample_type", "conv", "conv", "resnet") == "resnet",
            Dropout = json.Double("dropout", 0, 0, 1),
            AttentionHeadDim = json.NullableInt("attention_head_dim", 8, 1, 65536),
            NormNumGroups = json.Int("norm_num_groups", 32, 1, 65536),
            AttnNormNumGroups = json.NullableInt("attn_norm_num_groups", null, 1, 65536),
            NormEps = json.Double("norm_eps", 1e-5, 0, 1),
            ScaleShift = json.OneOf("resnet_time_scale_shift", "default", "default", "scale_shift") == "scale_shift",
            AddAttention = json.Bool("add_attention", true),
            NumClassEmbeds = json.NullableInt("num_class_embeds", null, 1, 1 << 20),
        };
        json.Ignore("num_train_timesteps"); // only the learned time embedding uses it
        json.Ignore(MovingAverageKeys);
        config.Check(json);
        return config;
    }

    private static (int Height, int Width) SampleSize(JsonConfig json)
    {
        if (json.Find("sample_size") is not { } size)
            throw new AuditException(
                $"'{json.Path}' has no sample_size, so the size of the model's pictures is not known; add it."
            );
        int[] sizes =
            size.ValueKind == JsonValueKind.Array
                ? json.Ints("sample_size", 1, 65536)!
                : [json.Int("sample_size", 0, 1, 65536)];
        return sizes.Length switch
        {
            1 => (sizes[0], sizes[0]),
            2 => (sizes[0], sizes[1]),
            _ => throw json.Refuse("sample_size", size, "where a size or height and width are expected"),
        };
    }

    private static string[] Blocks(JsonConfig json, string key, string[] supported, string[] fallback, int count)
    {
        var types = json.Strings(key) ?? fallback;
        // diffusers up to 0.3 wrote the names with this prefix and still reads them.
        types = [.. types.Select(type => type.StartsWith("UNetRes", StringComparison.Ordinal) ? type[7..] : type)];
        if (types.FirstOrDefault(type => !supported.Contains(type)) is { } unknown)
            throw new AuditException(
                $"'{json.Path}' asks in {key} for the block type '{unknown}', which is not supported; supported "
                    + $"are {string.Join(" and ", supported)}."
            );
        return types.Length == count
            ? types
            : throw new AuditException(
                $"'{json.Path}' has {types.Length} entries in {key} but {count} in block_out_channels; make them "
                    + "as many."
            );
    }

    private void Check(JsonConfig json)
    {
        if (BlockOutChannels.Length is 0 or > 16)
            throw new AuditException(
                $"'{json.Path}' has {BlockOutChannels.Length} entries in block_out_channels, where 1 to 16 are "
                    + "expected."
            );
        var multiple = 1 << (BlockOutChannels.Length - 1);
        if (Height % multiple != 0 || Width % multiple != 0)
            throw json.Refuse(
                "sample_size",
                json.Find("sample_size"),
                $"which {BlockOutChannels.Length} levels of blocks cannot halve evenly; it must be a multiple of "
                    + $"{multiple}"
            );
        if (BlockOutChannels[0] / 2 - FreqShift <= 0)
            throw json.Refuse(
                "block_out_channels",
                BlockOutChannels[0],
                "as its first entry, too few for a time embedding"
            );
        foreach (var channels in BlockOutChannels)
        {
            if (channels % NormNumGroups != 0)
                throw json.Refuse(
                    "norm_num_groups",
                    NormNumGroups,
                    $"which does not divide the block's {channels} channels"
                );
        }
        if (AttnNormNumGroups is { } groups && BlockOutChannels[^1] % groups != 0)
            throw json.Refuse(
                "attn_norm_num_groups",
                groups,
                $"which does not divide the middle block's {BlockOutChannels[^1]} channels"
            );
        for (var level = 0; level < BlockOutChannels.Length; level++)
        {
            var attention =
                DownBlockTypes[level] == "AttnDownBlock2D"
                || UpBlockTypes[^(level + 1)] == "AttnUpBlock2D"
                || (level == BlockOutChannels.Length - 1 && HasMidBlock && AddAttention);
            if (attention && AttentionHeadDim > BlockOutChannels[level])
                throw json.Refuse(
                    "attention_head_dim",
                    AttentionHeadDim,
                    $"more than the {BlockOutChannels[level]} channels of a block with attention"
                );
        }
    }
}
