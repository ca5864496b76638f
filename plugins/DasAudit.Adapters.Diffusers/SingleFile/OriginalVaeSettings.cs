using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>The parameters of the original autoencoder, said as diffusers' vae/config.json.</summary>
/// <param name="parameters">Of first_stage_config.</param>
/// <param name="scaleFactor">What latents are multiplied with.</param>
internal sealed class OriginalVaeSettings(JsonConfig parameters, double scaleFactor)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    internal JsonConfig Json()
    {
        var network = parameters.Section("ddconfig");
        var first = Required(network, "ch");
        var factors = network.Ints("ch_mult", 1, 64) ?? [1, 2, 4, 8];
        var latents = Required(network, "z_channels");
        if (parameters.Int("embed_dim", latents, 1, 4096) is var width && width != latents)
            throw parameters.Refuse("embed_dim", width, $"where the {latents} of z_channels are expected");
        var json = new JsonObject
        {
            ["_class_name"] = "AutoencoderKL",
            ["in_channels"] = network.Int("in_channels", 3, 1, 4096),
            ["out_channels"] = network.Int("out_ch", 3, 1, 4096),
            ["latent_channels"] = latents,
            ["block_out_channels"] = Array(factors.Select(factor => first * factor)),
            ["down_block_types"] = Array(factors.Select(_ => "DownEncoderBlock2D")),
            ["up_block_types"] = Array(factors.Select(_ => "UpDecoderBlock2D")),
            ["layers_per_block"] = Required(network, "num_res_blocks"),
            ["norm_num_groups"] = 32,
            ["scaling_factor"] = scaleFactor,
            ["sample_size"] = network.Int("resolution", 256, 1, 65536),
        };
        Refuse(network);
        return JsonConfig.Parse(parameters.Path, json.ToJsonString(Indented));
    }

    private static void Refuse(JsonConfig network)
    {
        if (network.Ints("attn_resolutions", 1, 65536) is { Length: > 0 })
            throw network.Refuse(
                "attn_resolutions",
                network.Find("attn_resolutions"),
                "which is not supported; supported is the empty list"
            );
        foreach (var key in (string[])["double_z", "resamp_with_conv"])
            if (!network.Bool(key, true))
                throw network.Refuse(key, false, "which is not supported; supported is true");
        network.OneOf("attn_type", "vanilla", "vanilla", "vanilla-xformers");
        network.Ignore("dropout");
        network.RefuseUnread();
    }

    private static int Required(JsonConfig json, string key) =>
        json.NullableInt(key, null, 1, 65536)
        ?? throw new AuditException($"'{json.Path}' states no {key} of the autoencoder; get the file again.");

    private static JsonArray Array<T>(IEnumerable<T> items) => new([.. items.Select(item => JsonValue.Create(item))]);
}
