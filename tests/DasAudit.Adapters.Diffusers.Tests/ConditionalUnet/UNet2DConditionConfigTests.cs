using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.ConditionalUnet;

public class UNet2DConditionConfigTests
{
    [Fact]
    public void What_a_file_does_not_say_is_as_diffusers_has_it()
    {
        var config = Read("{}");

        Assert.Equal([320, 640, 1280, 1280], config.BlockOutChannels);
        Assert.Equal(
            ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
            config.DownBlockTypes
        );
        Assert.Equal(
            ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
            config.UpBlockTypes
        );
        Assert.Equal([1280, 1280, 1280, 1280], config.CrossAttentionDim);
        Assert.Equal([8, 8, 8, 8], config.AttentionHeads);
        Assert.Equal([2, 2, 2, 2], config.LayersPerBlock);
        Assert.Equal((4, 4, 1280), (config.InChannels, config.OutChannels, config.TimeEmbeddingDim));
        Assert.Null(config.SampleSize);
    }

    [Theory]
    [InlineData("_class_name", "\"UNet2DModel\"")]
    [InlineData("mid_block_type", "\"UNetMidBlock2DSimpleCrossAttn\"")]
    [InlineData("down_block_types", "[\"SimpleCrossAttnDownBlock2D\", \"DownBlock2D\"]")]
    [InlineData("up_block_types", "[\"UpBlock2D\"]")]
    [InlineData("class_embed_type", "\"projection\"")]
    [InlineData("num_class_embeds", "10")]
    [InlineData("addition_embed_type", "\"image\"")]
    [InlineData("num_attention_heads", "8")]
    [InlineData("attention_head_dim", "[8, 3]")]
    [InlineData("attention_head_dim", "[8]")]
    [InlineData("transformer_layers_per_block", "[[1, 2], 1]")]
    [InlineData("dual_cross_attention", "true")]
    [InlineData("only_cross_attention", "[true, 1]")]
    [InlineData("conv_in_kernel", "1")]
    [InlineData("resnet_out_scale_factor", "2")]
    [InlineData("time_embedding_type", "\"fourier\"")]
    [InlineData("time_cond_proj_dim", "256")]
    [InlineData("norm_num_groups", "5")]
    [InlineData("sample_size", "[8, 8, 8]")]
    [InlineData("something_new", "1")]
    public void Other_networks_are_refused_by_name(string key, string value)
    {
        var refusal = Assert.Throws<AuditException>(() => Tiny($$"""{"{{key}}": {{value}}}"""));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sdxls_embedding_needs_its_widths() =>
        Assert.Contains(
            "addition_time_embed_dim",
            Assert.Throws<AuditException>(() => Tiny("""{"addition_embed_type": "text_time"}""")).Message,
            StringComparison.Ordinal
        );

    /// <summary>As in Stable Diffusion's upscaler: the first attention of a block looks at the text too.</summary>
    [Fact]
    public void Attention_may_be_to_the_text_alone()
    {
        using var network = new UNet2DConditionModel(Tiny("""{"only_cross_attention": [true, false]}"""));
        var widths = network
            .named_parameters()
            .Where(entry => entry.name.EndsWith("attn1.to_k.weight", StringComparison.Ordinal))
            .ToDictionary(entry => entry.name, entry => entry.parameter.shape[1]);

        Assert.Equal(12, widths["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_k.weight"]);
        Assert.Equal(12, widths["up_blocks.1.attentions.0.transformer_blocks.0.attn1.to_k.weight"]);
        Assert.Equal(16, widths["mid_block.attentions.0.transformer_blocks.0.attn1.to_k.weight"]);
        Assert.Equal([2, 4, 8, 8], Predict(network).shape);
    }

    [Theory]
    [InlineData("""{"mid_block_type": null}""")]
    [InlineData("""{"upcast_attention": true}""")]
    [InlineData("""{"layers_per_block": [1, 2], "transformer_layers_per_block": [2, 1]}""")]
    [InlineData("""{"resnet_time_scale_shift": "scale_shift", "downsample_padding": 0}""")]
    [InlineData("""{"block_out_channels": [8, 12], "attention_head_dim": [2, 3], "center_input_sample": true}""")]
    public void Supported_settings_run(string json)
    {
        using var network = new UNet2DConditionModel(Tiny(json));

        Assert.Equal([2, 4, 8, 8], Predict(network).shape);
    }

    private static Tensor Predict(UNet2DConditionModel network)
    {
        using var noGrad = no_grad();
        return network.call(rand(2, 4, 8, 8), tensor(new long[] { 3, 7 }), rand(2, 5, 12), null);
    }

    private static UNet2DConditionConfig Tiny(string json)
    {
        const string Base = """
            "block_out_channels": [8, 16], "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
            "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"], "norm_num_groups": 4, "cross_attention_dim": 12,
            "attention_head_dim": 4, "layers_per_block": 1
            """;
        return Read($"{{{Base}, {json[1..]}");
    }

    // A later key replaces an earlier one.
    private static UNet2DConditionConfig Read(string json)
    {
        var rest = json == "{}" ? "}" : $", {json[1..]}";
        return UNet2DConditionConfig.Read(
            JsonConfig.Parse("unet/config.json", $"{{\"_class_name\": \"UNet2DConditionModel\"{rest}")
        );
    }
}
