using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Unet;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>What an AutoencoderKL is built from; names and defaults are those of diffusers.</summary>
internal sealed record AutoencoderKLConfig
{
    internal const double NormEps = 1e-6;

    internal int InChannels { get; init; }
    internal int OutChannels { get; init; }
    internal int LatentChannels { get; init; }
    internal required int[] BlockOutChannels { get; init; }
    internal int LayersPerBlock { get; init; }
    internal int NormNumGroups { get; init; }
    internal double ScalingFactor { get; init; }
    internal double ShiftFactor { get; init; }
    internal bool UseQuantConv { get; init; }
    internal bool UsePostQuantConv { get; init; }
    internal bool MidBlockAddAttention { get; init; }

    /// <summary>How often a picture is as wide as its latents; its width and height must be multiples of it.</summary>
    internal int DownsamplingFactor => 1 << (BlockOutChannels.Length - 1);

    /// <summary>One head of all channels.</summary>
    internal static AttentionSettings Attentions { get; } = new(HeadDim: null, NormEps);

    /// <summary>Reads vae/config.json.</summary>
    internal static AutoencoderKLConfig Read(JsonConfig json)
    {
        if (json.ClassName != "AutoencoderKL")
            throw json.Refuse("_class_name", json.ClassName, "where AutoencoderKL is expected");
        json.OneOf("act_fn", "silu", "silu", "swish");
        var channels = json.Ints("block_out_channels", 1, 65536) ?? [64];
        if (channels.Length is 0 or > 16)
            throw json.Refuse(
                "block_out_channels",
                json.Find("block_out_channels"),
                "where a list of 1 to 16 numbers is expected"
            );
        CheckBlocks(json, "down_block_types", "DownEncoderBlock2D", channels.Length);
        CheckBlocks(json, "up_block_types", "UpDecoderBlock2D", channels.Length);
        var config = new AutoencoderKLConfig
        {
            InChannels = json.Int("in_channels", 3, 1, 4096),
            OutChannels = json.Int("out_channels", 3, 1, 4096),
            LatentChannels = json.Int("latent_channels", 4, 1, 4096),
            BlockOutChannels = channels,
            LayersPerBlock = json.Int("layers_per_block", 1, 1, 100),
            NormNumGroups = json.Int("norm_num_groups", 32, 1, 65536),
            ScalingFactor = json.Double("scaling_factor", 0.18215, 1e-6, 1e6),
            ShiftFactor = json.Double("shift_factor", 0, -1e6, 1e6),
            UseQuantConv = json.Bool("use_quant_conv", true),
            UsePostQuantConv = json.Bool("use_post_quant_conv", true),
            MidBlockAddAttention = json.Bool("mid_block_add_attention", true),
        };
        json.Ignore("sample_size"); // the size it was trained with; it takes any
        json.Ignore("force_upcast"); // whether half precision would overflow; here all is float32
        json.RefuseUnread();
        foreach (var count in channels)
        {
            if (count % config.NormNumGroups != 0)
                throw json.Refuse(
                    "norm_num_groups",
                    config.NormNumGroups,
                    $"which does not divide the block's {count} channels"
                );
        }
        return config;
    }

    private static void CheckBlocks(JsonConfig json, string key, string supported, int count)
    {
        var types = json.Strings(key) ?? [supported];
        if (types.FirstOrDefault(type => type != supported) is { } unknown)
            throw new AuditException(
                $"'{json.Path}' asks in {key} for the block type '{unknown}', which is not supported; supported is "
                    + $"{supported}."
            );
        if (types.Length != count)
            throw new AuditException(
                $"'{json.Path}' has {types.Length} entries in {key} but {count} in block_out_channels; make them "
                    + "as many."
            );
    }
}
