using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Vae;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>
/// The original names of an AutoencoderKL's modules. The decoder's levels are counted from the largest picture there,
/// from the smallest in diffusers. Attention is stored as convolutions.
/// </summary>
internal static class VaeNames
{
    internal const string Prefix = "first_stage_model.";

    internal static OriginalNames Of(AutoencoderKLConfig config)
    {
        var names = new OriginalNames(Prefix);
        var levels = config.BlockOutChannels.Length;
        for (var level = 0; level < levels; level++)
        {
            var (down, up) = ($"encoder.down_blocks.{level}", $"decoder.up_blocks.{level}");
            var (originalDown, originalUp) = ($"encoder.down.{level}", $"decoder.up.{levels - 1 - level}");
            for (var layer = 0; layer < config.LayersPerBlock; layer++)
                AddResidual(names, $"{down}.resnets.{layer}", $"{originalDown}.block.{layer}");
            for (var layer = 0; layer < config.LayersPerBlock + 1; layer++)
                AddResidual(names, $"{up}.resnets.{layer}", $"{originalUp}.block.{layer}");
            names.Add($"{down}.downsamplers.0.conv", $"{originalDown}.downsample.conv");
            names.Add($"{up}.upsamplers.0.conv", $"{originalUp}.upsample.conv");
        }
        foreach (var part in (string[])["encoder", "decoder"])
        {
            AddResidual(names, $"{part}.mid_block.resnets.0", $"{part}.mid.block_1");
            AddAttention(names, $"{part}.mid_block.attentions.0", $"{part}.mid.attn_1");
            AddResidual(names, $"{part}.mid_block.resnets.1", $"{part}.mid.block_2");
            names.Add($"{part}.conv_norm_out", $"{part}.norm_out");
        }
        return names;
    }

    private static void AddResidual(OriginalNames names, string module, string original)
    {
        names.Add(module, original);
        names.Add($"{module}.conv_shortcut", $"{original}.nin_shortcut");
    }

    private static void AddAttention(OriginalNames names, string module, string original)
    {
        names.Add($"{module}.group_norm", $"{original}.norm");
        foreach (
            var (layer, originalLayer) in new[]
            {
                ("to_q", "q"),
                ("to_k", "k"),
                ("to_v", "v"),
                ("to_out.0", "proj_out"),
            }
        )
        {
            names.Add($"{module}.{layer}", $"{original}.{originalLayer}");
            names.AddTensor($"{module}.{layer}.weight", $"{original}.{originalLayer}.weight", TensorPart.Matrix);
        }
    }
}
