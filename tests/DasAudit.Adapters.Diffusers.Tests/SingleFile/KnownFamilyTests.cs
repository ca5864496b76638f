using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.SingleFile;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>The published models, known by the sizes of what they hold.</summary>
public sealed class KnownFamilyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    private static SparseFile StableDiffusion1 => new SparseFile().Unet(768).Clip("cond_stage_model.transformer.");

    private static SparseFile StableDiffusion2 => StableDiffusion2With(textLayers: 24);

    private static SparseFile StableDiffusionXl =>
        new SparseFile()
            .Unet(2048)
            .Clip("conditioner.embedders.0.transformer.")
            .OpenClip("conditioner.embedders.1.model.", 32, 1280);

    private static SparseFile StableDiffusion2With(int textLayers) =>
        new SparseFile().Unet(1024).OpenClip("cond_stage_model.model.", textLayers, 1024);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>Numbers of parameters as the model cards and the libraries that load them give them.</summary>
    [Fact]
    public void Networks_have_as_many_parameters_as_the_published_ones()
    {
        Assert.Equal([859_520_964, 83_653_863, 123_060_480], Sizes(StableDiffusion1));
        Assert.Equal([865_910_724, 83_653_863, 340_387_840], Sizes(StableDiffusion2));
        Assert.Equal([2_567_463_684, 83_653_863, 123_060_480, 694_659_840], Sizes(StableDiffusionXl));
    }

    [Fact]
    public void Settings_are_those_that_the_reference_library_ships()
    {
        using var first = Open(StableDiffusion1);
        var unet = UNet2DConditionConfig.Read(first.Configuration.Unet);
        Assert.Equal([8, 8, 8, 8], unet.AttentionHeads);
        Assert.False(unet.UseLinearProjection);
        Assert.Equal((64, 64), unet.SampleSize);
        Assert.True(first.Configuration.TextEncoders[0].Read().QuickGelu);
        Assert.Equal(0.18215, AutoencoderKLConfig.Read(first.Configuration.Vae).ScalingFactor);

        using var second = Open(StableDiffusion2);
        unet = UNet2DConditionConfig.Read(second.Configuration.Unet);
        Assert.Equal([5, 10, 20, 20], unet.AttentionHeads);
        Assert.True(unet.UseLinearProjection);
        Assert.Equal((96, 96), unet.SampleSize);
        var encoder = second.Configuration.TextEncoders[0].Read();
        Assert.Equal((23, 16, false), (encoder.NumHiddenLayers, encoder.NumAttentionHeads, encoder.QuickGelu));

        using var xl = Open(StableDiffusionXl);
        unet = UNet2DConditionConfig.Read(xl.Configuration.Unet);
        Assert.Equal([5, 10, 20], unet.AttentionHeads);
        Assert.Equal([1, 2, 10], unet.TransformerLayersPerBlock);
        Assert.Equal(["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"], unet.DownBlockTypes);
        Assert.Equal((256, 2816), (unet.AdditionTimeEmbedDim, unet.AdditionInputDim));
        Assert.Equal((128, 128), unet.SampleSize);
        Assert.Equal([12, 20], xl.Configuration.TextEncoders.Select(part => part.Read().NumAttentionHeads));
        Assert.Equal(1280, xl.Configuration.TextEncoders[1].Read().ProjectionDim);
        Assert.Equal(0.13025, AutoencoderKLConfig.Read(xl.Configuration.Vae).ScalingFactor);
    }

    /// <summary>Files that were converted back from diffusers lack the layer that is not used.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(23)]
    public void The_last_layer_of_version_2s_text_encoder_is_left_out_once(int textLayers)
    {
        using var file = Open(StableDiffusion2With(textLayers));

        Assert.Equal(23, file.Configuration.TextEncoders[0].Read().NumHiddenLayers);
    }

    [Fact]
    public void What_was_assumed_is_said()
    {
        using var file = Open(StableDiffusion2);

        Assert.Empty(file.Configuration.Files);
        Assert.Equal([_folder["model.safetensors"]], file.Files);
        Assert.Equal(
            [
                $"'{_folder["model.safetensors"]}' holds weights alone; by their sizes they are of Stable Diffusion "
                    + "2.x, whose published settings were taken.",
                "No file says for which size of pictures the model was trained; 768 pixels were assumed.",
            ],
            file.Configuration.Assumptions
        );
        Assert.Contains("the prediction type v_prediction were assumed", file.Configuration.SchedulerNote);
    }

    [Fact]
    public void A_file_of_version_2_that_says_it_predicts_noise_is_for_smaller_pictures()
    {
        var sizes = StableDiffusion2;
        sizes.Metadata["modelspec.architecture"] = "stable-diffusion-v2-512";

        using var file = Open(sizes);

        Assert.Equal((64, 64), UNet2DConditionConfig.Read(file.Configuration.Unet).SampleSize);
        Assert.Equal("epsilon", file.Configuration.Scheduler.String("prediction_type", null));
    }

    [Fact]
    public void Tokenizers_are_CLIPs_own_and_pad_as_each_encoder_was_trained()
    {
        using var second = Open(StableDiffusion2);
        Assert.Equal("!", second.Configuration.TextEncoders[0].ReadVocabulary().PaddingToken);

        using var xl = Open(StableDiffusionXl);
        Assert.Equal(
            ["<|endoftext|>", "!"],
            xl.Configuration.TextEncoders.Select(encoder => encoder.ReadVocabulary().PaddingToken)
        );
    }

    /// <summary>Names that stand in the files of Stable Diffusion 1.x.</summary>
    [Theory]
    [InlineData("down_blocks.3.resnets.1.norm1.weight", "input_blocks.11.0.in_layers.0.weight")]
    [InlineData("down_blocks.0.downsamplers.0.conv.bias", "input_blocks.3.0.op.bias")]
    [InlineData("down_blocks.1.attentions.0.proj_in.weight", "input_blocks.4.1.proj_in.weight")]
    [InlineData("up_blocks.0.upsamplers.0.conv.weight", "output_blocks.2.1.conv.weight")]
    [InlineData("up_blocks.2.upsamplers.0.conv.weight", "output_blocks.8.2.conv.weight")]
    [InlineData("up_blocks.3.resnets.2.conv_shortcut.bias", "output_blocks.11.0.skip_connection.bias")]
    [InlineData("mid_block.resnets.1.time_emb_proj.weight", "middle_block.2.emb_layers.1.weight")]
    [InlineData("time_embedding.linear_2.weight", "time_embed.2.weight")]
    [InlineData("conv_norm_out.weight", "out.0.weight")]
    public void Blocks_are_counted_through_all_levels(string name, string original)
    {
        using var file = Open(StableDiffusion1);

        var names = UnetNames.Of(UNet2DConditionConfig.Read(file.Configuration.Unet));

        Assert.Equal($"model.diffusion_model.{original}", names.Of(name).Name);
    }

    [Fact]
    public void The_decoders_levels_are_counted_from_the_other_end()
    {
        using var file = Open(StableDiffusion1);

        var names = VaeNames.Of(AutoencoderKLConfig.Read(file.Configuration.Vae));

        Assert.Equal(
            "first_stage_model.decoder.up.0.block.0.nin_shortcut.weight",
            names.Of("decoder.up_blocks.3.resnets.0.conv_shortcut.weight").Name
        );
        Assert.Equal(
            "first_stage_model.encoder.down.2.downsample.conv.weight",
            names.Of("encoder.down_blocks.2.downsamplers.0.conv.weight").Name
        );
    }

    private OriginalCheckpoint Open(SparseFile file)
    {
        file.Write(_folder["model.safetensors"]);
        return OriginalCheckpoint.Open(_folder["model.safetensors"], asked: null);
    }

    private long[] Sizes(SparseFile file)
    {
        using var checkpoint = Open(file);
        var configuration = checkpoint.Configuration;
        return
        [
            Size(new UNet2DConditionModel(UNet2DConditionConfig.Read(configuration.Unet))),
            Size(new AutoencoderKL(AutoencoderKLConfig.Read(configuration.Vae))),
            .. configuration.TextEncoders.Select(encoder => Size(new ClipTextModel(encoder.Read()))),
        ];
    }

    private static long Size(nn.Module network)
    {
        using (network)
            return network.parameters().Sum(parameter => parameter.NumberOfElements);
    }
}
