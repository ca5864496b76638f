using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>LoRAs that do not fit, or are none: each gets a sentence with the cause.</summary>
public class LoraRefusalTests
{
    private const string Query = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
    private static readonly string Peft = LoraOutputTests.Styled("peft");

    [Fact]
    public void A_lora_whose_metadata_states_sdxl_is_refused_by_stable_diffusion()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        var refusal = networks.Refusal(LoraNetworks.Kohya(LoraNetworks.Sdxl));

        Assert.Contains("made for SDXL (ss_base_model_version sdxl_base_v1-0), but the model is", refusal);
    }

    [Fact]
    public void A_lora_whose_metadata_states_stable_diffusion_is_refused_by_sdxl()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sdxl);

        var refusal = networks.Refusal(LoraNetworks.Kohya(LoraNetworks.Sd));

        Assert.Contains("Stable Diffusion 1.x (ss_base_model_version sd_v1), but the model is SDXL;", refusal);
    }

    /// <summary>Its blocks have other numbers, and its text embeddings another width.</summary>
    [Fact]
    public void A_lora_of_other_sizes_is_refused_with_how_much_of_it_fits()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sdxl));
        lora.Metadata["ss_sd_model_name"] = "base.safetensors";

        var refusal = networks.Refusal(lora.Write());

        Assert.Matches(
            @"fit the model: \d+ of its \d+ modules have a place there, but not 'lora_te1_[a-z_0-9]+'",
            refusal
        );
        Assert.Contains("text embeddings of width 40, and the model those of width 32", refusal);
        Assert.Contains("the file says that it was made for ss_sd_model_name base.safetensors", refusal);
    }

    [Fact]
    public void Widths_are_told_with_the_models_that_have_them()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        const string Key = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k";
        lora.Replace($"{Key}.lora_A.weight", zeros(4, 2048));

        var refusal = networks.Refusal(lora.Write());

        Assert.Contains("31 of its 32 modules have a place there", refusal);
        Assert.Contains($"'{Key}' ([32, 4]·[4, 2048] is of another size than the layer)", refusal);
        Assert.Contains("of width 2048 (SDXL), and the model those of width 32;", refusal);
    }

    [Fact]
    public void Modules_of_a_text_encoder_that_the_model_lacks_are_refused()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        lora.Rename(name => name.Replace("lora_te_", "lora_te2_", StringComparison.Ordinal));

        Assert.Contains("66 of its 78 modules have a place there, but not 'lora_te2_", networks.Refusal(lora.Write()));
    }

    [Fact]
    public void A_lora_of_a_transformer_is_refused_as_such()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Rename(name => name.Replace("unet.", "transformer.", StringComparison.Ordinal));

        Assert.Contains("is a LoRA of a transformer ('transformer.down_blocks", networks.Refusal(lora.Write()));
    }

    [Theory]
    [InlineData("hada_w1_a", "a LoHa")]
    [InlineData("lokr_w1", "a LoKr")]
    [InlineData("dora_scale", "a DoRA")]
    [InlineData("lora_magnitude_vector.weight", "a DoRA")]
    [InlineData("diff", "whole differences")]
    [InlineData("oft_blocks", "an OFT")]
    public void Other_kinds_of_adapters_are_refused_by_name(string part, string title)
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Replace($"{Query}.{part}", zeros(2, 2));

        Assert.Contains($"holds {title}", networks.Refusal(lora.Write()));
    }

    [Theory]
    [InlineData("unet.conv_in.weight")]
    [InlineData("lora_unet_conv_in.scalar")]
    [InlineData(Query + ".lora_B.bias")]
    [InlineData("mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_k_custom_diffusion.weight")]
    public void Tensors_of_a_network_that_are_no_lora_are_refused(string name)
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Replace(name, zeros(2));

        Assert.Contains($"holds '{name}', which is no part of a LoRA", networks.Refusal(lora.Write()));
    }

    [Fact]
    public void A_file_without_a_lora_is_refused()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        var path = GoldenFiles.PathOf("sd-lora-tiny/text_encoder/model.safetensors");

        Assert.Contains("holds no LoRA: none of its", networks.Refusal(path));
    }

    [Fact]
    public void Half_a_lora_is_refused()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Rename(name => name == $"{Query}.lora_B.weight" ? null : name);

        Assert.Contains($"holds only {Query}.lora_A.weight of the LoRA of '{Query}'", networks.Refusal(lora.Write()));
    }

    [Fact]
    public void Two_loras_of_one_layer_in_a_file_are_refused()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Replace($"{Query}.lora.down.weight", zeros(4, 32));
        Assert.Contains("several tensors for one part", networks.Refusal(lora.Write()));

        using var renamed = new WrittenLora(Peft);
        renamed.Replace($"{Query.Replace("unet.", "lora_unet_").Replace('.', '_')}.lora_down.weight", zeros(4, 32));
        renamed.Replace($"{Query.Replace("unet.", "lora_unet_").Replace('.', '_')}.lora_up.weight", zeros(32, 4));
        Assert.Contains("of the unet twice", networks.Refusal(renamed.Write()));
    }

    [Fact]
    public void Values_that_are_no_numbers_are_refused()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Replace($"{Query}.lora_A.weight", full(4, 32, float.NaN));
        Assert.Contains($"not finite (NaN or infinity) in the tensor '{Query}.lora_A", networks.Refusal(lora.Write()));

        using var quantised = new WrittenLora(Peft);
        quantised.Replace($"{Query}.lora_A.weight", zeros(4, 32, ScalarType.Int8));
        Assert.Contains("quantised weights are not supported", networks.Refusal(quantised.Write()));

        using var alpha = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        alpha.Replace("lora_unet_mid_block_resnets_0_conv1.alpha", zeros(2));
        Assert.Contains("'lora_unet_mid_block_resnets_0_conv1.alpha' no number", networks.Refusal(alpha.Write()));
    }

    [Theory]
    [InlineData("""{"unet.r": 8, "unet.lora_alpha": 2}""", "states the rank 8")]
    [InlineData("""{"unet.r": 4, "unet.use_dora": true}""", "unet.use_dora")]
    [InlineData("""{"unet.r": 4, "unet.init_lora_weights": "pissa"}""", "unet.init_lora_weights")]
    [InlineData("""{"unet.r": 4, "unet.peft_type": "LOHA"}""", "unet.peft_type")]
    [InlineData("""{"unet.r": 4, "unet.alpha_pattern": {"(": 1}}""", "the pattern '('")]
    [InlineData("""{"unet.r": 4, "unet.alpha_pattern": {"to_q": "2"}}""", "unet.alpha_pattern.to_q")]
    [InlineData("""{"unet.r": 4, "unet.layer_replication": [[0, 2]]}""", "unet.layer_replication")]
    [InlineData("""{"unet.r": """, "no valid JSON")]
    public void Metadata_that_cannot_be_followed_are_refused(string metadata, string named)
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Metadata["lora_adapter_metadata"] = metadata;

        Assert.Contains(named, networks.Refusal(lora.Write()));
    }

    [Fact]
    public void The_file_must_be_told()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        Assert.Contains("There is no LoRA at", networks.Refusal(Path.Combine(lora.Folder, "none.safetensors")));
        Assert.Contains("holds neither", networks.Refusal(lora.Folder));
        lora.Write(WrittenLora.PeftName);
        lora.Write(WrittenLora.DiffusersName);
        Assert.Contains("holds both", networks.Refusal(lora.Folder));
        lora.Text("lora.pt", "a pickle");
        Assert.Contains("is a pickle", networks.Refusal(Path.Combine(lora.Folder, "lora.pt")));
    }
}
