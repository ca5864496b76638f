using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;

namespace DasAudit.Adapters.Diffusers.Tests.ConditionalUnet;

/// <summary>The numbers of the blocks in the published checkpoints of Stable Diffusion 1.5 and SDXL.</summary>
public class UnetNamesTests
{
    private const string Sd15 = """{"_class_name": "UNet2DConditionModel"}""";

    private const string Sdxl = """
        {
          "_class_name": "UNet2DConditionModel",
          "block_out_channels": [320, 640, 1280],
          "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
          "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"]
        }
        """;

    [Theory]
    [InlineData("conv_in", "input_blocks.0.0")]
    [InlineData("down_blocks.0.resnets.1.conv1", "input_blocks.2.0.in_layers.2")]
    [InlineData("down_blocks.0.attentions.0.proj_in", "input_blocks.1.1.proj_in")]
    [InlineData("down_blocks.0.downsamplers.0.conv", "input_blocks.3.0.op")]
    [InlineData("down_blocks.2.attentions.1.proj_out", "input_blocks.8.1.proj_out")]
    [InlineData("down_blocks.3.resnets.1.conv2", "input_blocks.11.0.out_layers.3")]
    [InlineData("mid_block.resnets.0.time_emb_proj", "middle_block.0.emb_layers.1")]
    [InlineData("mid_block.attentions.0.proj_in", "middle_block.1.proj_in")]
    [InlineData("mid_block.resnets.1.conv1", "middle_block.2.in_layers.2")]
    [InlineData("up_blocks.0.upsamplers.0.conv", "output_blocks.2.1.conv")]
    [InlineData("up_blocks.1.upsamplers.0.conv", "output_blocks.5.2.conv")]
    [InlineData("up_blocks.1.attentions.0.proj_in", "output_blocks.3.1.proj_in")]
    [InlineData("up_blocks.3.attentions.2.proj_in", "output_blocks.11.1.proj_in")]
    [InlineData("up_blocks.3.resnets.2.conv_shortcut", "output_blocks.11.0.skip_connection")]
    [InlineData("time_embedding.linear_2", "time_embed.2")]
    [InlineData("conv_out", "out.2")]
    public void Of_stable_diffusion(string module, string original) =>
        Assert.Equal(original, Names(Sd15).WithoutPrefix(module));

    [Theory]
    [InlineData(
        "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
        "input_blocks.4.1.transformer_blocks.0.attn1.to_q"
    )]
    [InlineData(
        "down_blocks.2.attentions.1.transformer_blocks.9.ff.net.2",
        "input_blocks.8.1.transformer_blocks.9.ff.net.2"
    )]
    [InlineData("up_blocks.0.attentions.2.proj_out", "output_blocks.2.1.proj_out")]
    [InlineData("up_blocks.0.upsamplers.0.conv", "output_blocks.2.2.conv")]
    [InlineData("up_blocks.1.upsamplers.0.conv", "output_blocks.5.2.conv")]
    [InlineData("up_blocks.2.resnets.2.conv2", "output_blocks.8.0.out_layers.3")]
    [InlineData("add_embedding.linear_1", "label_emb.0.0")]
    [InlineData("something_else", "something_else")]
    public void Of_sdxl(string module, string original) => Assert.Equal(original, Names(Sdxl).WithoutPrefix(module));

    private static OriginalNames Names(string config) =>
        UnetNames.Of(UNet2DConditionConfig.Read(JsonConfig.Parse("config.json", config)));
}
