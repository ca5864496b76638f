using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>
/// The original names of a UNet2DConditionModel's modules: blocks are counted through all levels, and each is a list of
/// a residual block, a transformer if it has one, and an enlargement if it is its level's last.
/// </summary>
internal static class UnetNames
{
    internal const string Prefix = "model.diffusion_model.";

    internal static OriginalNames Of(UNet2DConditionConfig config)
    {
        var names = new OriginalNames(Prefix);
        names.Add("conv_in", "input_blocks.0.0");
        AddEmbedding(names, "time_embedding", "time_embed");
        AddEmbedding(names, "add_embedding", "label_emb.0");
        AddDownBlocks(names, config);
        AddResidual(names, "mid_block.resnets.0", "middle_block.0");
        names.Add("mid_block.attentions.0", "middle_block.1");
        AddResidual(names, "mid_block.resnets.1", "middle_block.2");
        AddUpBlocks(names, config);
        names.Add("conv_norm_out", "out.0");
        names.Add("conv_out", "out.2");
        return names;
    }

    private static void AddDownBlocks(OriginalNames names, UNet2DConditionConfig config)
    {
        var block = 1;
        for (var level = 0; level < config.Levels; level++)
        {
            var hasAttention = config.DownBlockTypes[level] == ConditionalUnetReader.DownWithAttention;
            for (var layer = 0; layer < config.LayersPerBlock[level]; layer++)
            {
                AddResidual(names, $"down_blocks.{level}.resnets.{layer}", $"input_blocks.{block}.0");
                if (hasAttention)
                    names.Add($"down_blocks.{level}.attentions.{layer}", $"input_blocks.{block}.1");
                block++;
            }
            if (level == config.Levels - 1)
                continue;
            names.Add($"down_blocks.{level}.downsamplers.0.conv", $"input_blocks.{block}.0.op");
            block++;
        }
    }

    private static void AddUpBlocks(OriginalNames names, UNet2DConditionConfig config)
    {
        var block = 0;
        for (var index = 0; index < config.Levels; index++)
        {
            var hasAttention = config.UpBlockTypes[index] == ConditionalUnetReader.UpWithAttention;
            var layers = config.LayersPerBlock[config.Levels - 1 - index] + 1;
            for (var layer = 0; layer < layers; layer++)
            {
                AddResidual(names, $"up_blocks.{index}.resnets.{layer}", $"output_blocks.{block}.0");
                if (hasAttention)
                    names.Add($"up_blocks.{index}.attentions.{layer}", $"output_blocks.{block}.1");
                block++;
            }
            if (index == config.Levels - 1)
                continue;
            var place = hasAttention ? 2 : 1;
            names.Add($"up_blocks.{index}.upsamplers.0.conv", $"output_blocks.{block - 1}.{place}.conv");
        }
    }

    private static void AddEmbedding(OriginalNames names, string module, string original)
    {
        names.Add($"{module}.linear_1", $"{original}.0");
        names.Add($"{module}.linear_2", $"{original}.2");
    }

    private static void AddResidual(OriginalNames names, string module, string original)
    {
        names.Add($"{module}.norm1", $"{original}.in_layers.0");
        names.Add($"{module}.conv1", $"{original}.in_layers.2");
        names.Add($"{module}.time_emb_proj", $"{original}.emb_layers.1");
        names.Add($"{module}.norm2", $"{original}.out_layers.0");
        names.Add($"{module}.conv2", $"{original}.out_layers.3");
        names.Add($"{module}.conv_shortcut", $"{original}.skip_connection");
    }
}
