using System.Text.Json;
using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>Other ways to write the same LoRA: each must give the output of one that a golden proves.</summary>
public class LoraStyleTests
{
    private static readonly string Peft = LoraOutputTests.Styled("peft");

    /// <summary>The alpha of a rank of 4; half of it halves the change, as the golden with scale 0.5 has it.</summary>
    [Theory]
    [InlineData("""{"unet.r": 4, "unet.lora_alpha": 2}""")]
    [InlineData("""{"unet.r": 4, "unet.lora_alpha": 1, "unet.use_rslora": true}""")]
    [InlineData("""{"unet.r": 4, "unet.lora_alpha": 9, "unet.alpha_pattern": {"to_[qkv]": 2, "to_out.0": 2}}""")]
    [InlineData("""{"unet.r": 8, "unet.lora_alpha": 2, "unet.rank_pattern": {".*": 4}}""")]
    [InlineData("""{"unet.r": 4, "unet.lora_alpha": 2, "unet.lora_dropout": 0.1, "unet.use_dora": false}""")]
    public void Metadata_states_ranks_and_alphas(string metadata)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Metadata["lora_adapter_metadata"] = metadata;

        var adapter = networks.Apply(new LoraFile(lora.Write())).Single();

        Assert.Empty(adapter.Notes);
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora_scale0.5"]), 0, 1e-4);
    }

    /// <summary>All that PEFT 0.21 writes, as in the metadata of the golden sd3-tiny/lora/with-metadata.</summary>
    [Fact]
    public void What_peft_writes_without_effect_is_passed_over()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Metadata["lora_adapter_metadata"] = """
            {
              "unet.alora_invocation_tokens": null, "unet.alpha_pattern": {}, "unet.arrow_config": null,
              "unet.auto_mapping": null, "unet.base_model_name_or_path": null, "unet.bias": "none",
              "unet.corda_config": null, "unet.ensure_weight_tying": false, "unet.eva_config": null,
              "unet.exclude_modules": null, "unet.fan_in_fan_out": false, "unet.inference_mode": false,
              "unet.init_lora_weights": false, "unet.kasa_config": null, "unet.layer_replication": null,
              "unet.layers_pattern": null, "unet.layers_to_transform": null, "unet.loftq_config": {},
              "unet.lora_alpha": 2, "unet.lora_bias": false, "unet.lora_dropout": 0.0, "unet.lora_ga_config": null,
              "unet.megatron_config": null, "unet.megatron_core": "megatron.core", "unet.modules_to_save": null,
              "unet.monteclora_config": null, "unet.peft_type": "LORA", "unet.peft_version": "0.21.0",
              "unet.qalora_group_size": 16, "unet.r": 4, "unet.rank_pattern": {}, "unet.revision": null,
              "unet.target_modules": ["to_k", "to_v", "to_out.0", "to_q"], "unet.target_parameters": null,
              "unet.task_type": null, "unet.trainable_token_indices": null, "unet.use_bdlora": null,
              "unet.use_dora": false, "unet.use_qalora": false, "unet.use_rslora": false, "unet.velora_config": null
            }
            """;

        networks.Apply(new LoraFile(lora.Write()));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora_scale0.5"]), 0, 1e-4);
    }

    /// <summary>A pattern decides only where it is the end of a name, after a dot.</summary>
    [Fact]
    public void Patterns_match_whole_ends_of_names()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Metadata["lora_adapter_metadata"] =
            """{"unet.r": 4, "unet.lora_alpha": 4, "unet.alpha_pattern": {"o_q": 40, "attn1": 40}}""";

        networks.Apply(new LoraFile(lora.Write()));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora"]), 0, 1e-4);
    }

    [Fact]
    public void A_peft_folder_of_a_unet_is_read_with_its_configuration()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Rename(name => name.Replace("unet.", "base_model.model.", StringComparison.Ordinal));
        lora.Text("adapter_config.json", """{"peft_type": "LORA", "r": 4, "lora_alpha": 2}""");
        var weights = lora.Write(WrittenLora.PeftName);

        var adapter = networks.Apply(new LoraFile(lora.Folder)).Single();

        Assert.Equal([weights, Path.Combine(lora.Folder, "adapter_config.json")], adapter.Files);
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora_scale0.5"]), 0, 1e-4);
    }

    /// <summary>Names alone say only that it is of a text encoder; the sizes say which.</summary>
    [Theory]
    [InlineData("lora_te1_", "text_encoder")]
    [InlineData("lora_te2_", "text_encoder_2")]
    public void A_peft_folder_of_a_text_encoder_is_told_by_its_sizes(string prefix, string component)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sdxl);
        using var reference = new LoraNetworks(LoraNetworks.Sdxl);
        using var kohya = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sdxl));
        using var peft = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sdxl));
        const string Module = "text_model_encoder_layers_0_mlp_fc1";
        var names = new[] { "lora_down", "lora_up" }.ToDictionary(part => $"{prefix}{Module}.{part}.weight");
        kohya.Rename(name => names.ContainsKey(name) ? name : null);
        peft.Rename(name =>
            names.TryGetValue(name, out var part)
                ? "base_model.model.text_model.encoder.layers.0.mlp.fc1."
                    + (part == "lora_down" ? "lora_A.weight" : "lora_B.weight")
                : null
        );

        reference.Apply(new LoraFile(kohya.Write()));
        var adapter = networks.Apply(new LoraFile(peft.Write(WrittenLora.PeftName))).Single();

        Assert.Contains(adapter.Notes, note => note.EndsWith($"fit the {component}.", StringComparison.Ordinal));
        Assert.Equal(component, adapter.Changes.Single().Place.Component);
        Assert.Equal(0, Golden.MaxAbs(networks.PredictPrompts(), reference.PredictPrompts()));
        Assert.NotEqual(
            0,
            Golden.MaxAbs(networks.PredictPrompts(), new LoraNetworks(LoraNetworks.Sdxl).PredictPrompts())
        );
    }

    public static TheoryData<string, string, string> Renamings =>
        new()
        {
            // The names of the U-Net's blocks that diffusers has, in kohya's style, for SDXL.
            { LoraNetworks.Sdxl, "lora_unet_input_blocks_4_1_", "lora_unet_down_blocks_1_attentions_0_" },
            { LoraNetworks.Sdxl, "lora_unet_input_blocks_3_0_op", "lora_unet_down_blocks_0_downsamplers_0_conv" },
            { LoraNetworks.Sdxl, "lora_unet_output_blocks_2_2_conv", "lora_unet_up_blocks_0_upsamplers_0_conv" },
            // The original names for Stable Diffusion 1.x.
            { LoraNetworks.Sd, "lora_unet_down_blocks_0_attentions_0_", "lora_unet_input_blocks_1_1_" },
            { LoraNetworks.Sd, "lora_unet_mid_block_resnets_1_conv2", "lora_unet_middle_block_2_out_layers_3" },
            // Original names with dots, as tools that keep them write LoRAs.
            {
                LoraNetworks.Sd,
                "lora_unet_up_blocks_1_attentions_1_transformer_blocks_0_attn1_to_out_0",
                "diffusion_model.output_blocks.3.1.transformer_blocks.0.attn1.to_out.0"
            },
            // As diffusers named the projections of text encoders.
            {
                LoraNetworks.Sd,
                "lora_te_text_model_encoder_layers_0_self_attn_q_proj",
                "text_encoder.text_model.encoder.layers.0.self_attn.q_proj"
            },
            {
                LoraNetworks.Sd,
                "lora_te_text_model_encoder_layers_1_self_attn_out_proj",
                "text_encoder.text_model.encoder.layers.1.self_attn.to_out"
            },
            { LoraNetworks.Sd, "lora_te_", "lora_te1_" },
        };

    [Theory]
    [MemberData(nameof(Renamings))]
    public void Modules_have_several_names(string name, string old, string renamed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(name);
        using var lora = new WrittenLora(LoraNetworks.Kohya(name));
        Assert.Contains(lora.Tensors.Keys, key => key.StartsWith(old, StringComparison.Ordinal));
        lora.Rename(key => key.StartsWith(old, StringComparison.Ordinal) ? renamed + key[old.Length..] : key);

        networks.Apply(new LoraFile(lora.Write()));

        Assert.InRange(
            Golden.MaxAbs(networks.PredictPrompts(), networks.KohyaGolden("unet/output_lora_text")),
            0,
            1e-4
        );
    }

    [Theory]
    [InlineData(".lora.down.weight", ".lora.up.weight")]
    [InlineData(".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight")]
    [InlineData(".lora_A.default.weight", ".lora_B.default.weight")]
    [InlineData(".lora_A.weight", ".lora_B.weight")]
    public void Parts_have_several_names(string down, string up)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        lora.Rename(key =>
            key.Replace(".lora_down.weight", down, StringComparison.Ordinal)
                .Replace(".lora_up.weight", up, StringComparison.Ordinal)
        );

        networks.Apply(new LoraFile(lora.Write()));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks.KohyaGolden("unet/output_lora")), 0, 1e-4);
    }

    /// <summary>Stored as a linear layer's, a LoRA of a 1×1 convolution is the same; and the other way about.</summary>
    [Fact]
    public void Sizes_of_one_at_the_end_do_not_matter()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        foreach (var (name, tensor) in lora.Tensors.ToList())
        {
            if (name.Contains("_proj_in.lora", StringComparison.Ordinal))
                lora.Replace(name, tensor.flatten(1));
            if (name.Contains("_to_q.lora", StringComparison.Ordinal))
                lora.Replace(name, tensor.unsqueeze(-1).unsqueeze(-1));
        }

        networks.Apply(new LoraFile(lora.Write()));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks.KohyaGolden("unet/output_lora")), 0, 1e-4);
    }

    /// <summary>up·mid·down of a convolution is one whose A is mid·down, here formed by a sum over the rank.</summary>
    [Fact]
    public void A_convolution_may_stand_between_a_and_b()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var reference = new LoraNetworks(LoraNetworks.Sd);
        using var plain = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        using var middle = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        // With a stride, which must be the middle's.
        const string Module = "lora_unet_down_blocks_0_downsamplers_0_conv";
        random.manual_seed(3);
        var (down, mid) = (randn(2, 32, 1, 1), randn(2, 2, 3, 3));
        plain.Replace($"{Module}.lora_down.weight", einsum("rsyx,si->riyx", mid, down.flatten(1)));
        middle.Replace($"{Module}.lora_down.weight", down);
        middle.Replace($"{Module}.lora_mid.weight", mid);

        reference.Apply(new LoraFile(plain.Write()));
        var adapter = networks.Apply(new LoraFile(middle.Write())).Single();

        Assert.InRange(Golden.MaxAbs(networks.Predict(), reference.Predict()), 0, 1e-5);
        Assert.Contains("down_blocks.0.downsamplers.0.conv.lora_mid.default.weight", networks.Parameters("unet").Keys);
        Assert.Single(adapter.Changes, change => change.Factors.Middle is not null);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Other_types_of_numbers_are_read(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sdxl);
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sdxl));
        foreach (var (name, tensor) in lora.Tensors.ToList())
            lora.Replace(name, tensor.to_type(type));

        networks.Apply(new LoraFile(lora.Write()));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks.KohyaGolden("unet/output_lora")), 0, 1e-4);
    }

    [Fact]
    public void Missing_alphas_and_foreign_tensors_are_noted()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        lora.Replace("emb_params", zeros(2, 32));

        var notes = networks.Apply(new LoraFile(lora.Write())).Single().Notes;

        Assert.Equal(
            [
                $"{WrittenLora.DiffusersName} holds tensors that belong to no LoRA (1, such as emb_params), which were "
                    + "ignored.",
                $"{WrittenLora.DiffusersName} states no alpha for 7 of its 78 modules, such as "
                    + "text_model.encoder.layers.1.mlp.fc1; there alpha was taken to be the rank, as the published "
                    + "code does.",
            ],
            notes
        );
    }

    [Theory]
    [InlineData("ss_base_model_version", "sd_v2_v", true)]
    [InlineData("ss_base_model_version", "sd_v2", false)]
    [InlineData("ss_base_model_version", "sd_v1", false)]
    [InlineData("modelspec.prediction_type", "v", true)]
    [InlineData("modelspec.prediction_type", "epsilon", false)]
    [InlineData("modelspec.architecture", "stable-diffusion-v2-768-v/lora", true)]
    [InlineData("ss_sd_model_name", "model.safetensors", false)]
    public void Another_prediction_of_the_stated_base_is_noted(string key, string value, bool isNoted)
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var lora = new WrittenLora(Peft);
        lora.Metadata[key] = value;
        lora.Metadata["lora_adapter_metadata"] = """{"unet.r": 4, "unet.lora_alpha": 4}""";

        var notes = networks.Apply(new LoraFile(lora.Write())).Single().Notes;

        if (isNoted)
            Assert.Contains($"predicts velocity ({key} {value}), but this one predicts noise", Assert.Single(notes));
        else
            Assert.Empty(notes);
    }
}
