using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>Files that are not loaded, and why.</summary>
public sealed class SingleFileRefusalTests : IDisposable
{
    private const string FirstConvolution = "model.diffusion_model.input_blocks.0.0.weight";

    private readonly Rewritten _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(9, "is an inpainting model (its U-Net takes 9 channels, not 4)")]
    [InlineData(8, "is a model that edits pictures")]
    [InlineData(5, "is a model guided by depth")]
    [InlineData(7, "is a model of another task")]
    public void Models_of_other_tasks_are_refused_by_name(int channels, string named)
    {
        _file.Tensors[FirstConvolution] = zeros(32, channels, 3, 3);

        Assert.Contains(named, _file.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sdxls_refiner_is_refused_by_name()
    {
        using var sdxl = new Rewritten("sdxl");
        foreach (var name in sdxl.Tensors.Keys.Where(name => name.Contains(".embedders.0.")).ToList())
            sdxl.Tensors.Remove(name);
        sdxl.Rename("conditioner.embedders.1.", "conditioner.embedders.0.");

        Assert.Contains("is SDXL's refiner", sdxl.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edm_mean")]
    [InlineData("edm_vpred.sigma_max")]
    public void Another_forward_process_is_refused_by_its_tensor(string key)
    {
        _file.Tensors[key] = zeros(1);

        Assert.Contains($"its tensor {key} says EDM", _file.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_text_encoder_is_refused()
    {
        _file.Rename("cond_stage_model.", "other.");

        Assert.Contains("holds a U-Net but no text encoder", _file.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.diffusion_model.out.2.weight", "U-Net")]
    [InlineData("first_stage_model.decoder.up.1.block.0.conv1.bias", "autoencoder")]
    [InlineData("cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc2.weight", "text encoder")]
    public void A_missing_tensor_is_named(string name, string part)
    {
        _file.Tensors.Remove(name);
        Assert.Contains(
            $"lacks the tensor '{name}', which the configuration of its {part} asks for",
            _file.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Of_several_missing_tensors_the_others_are_counted()
    {
        const string Level = "first_stage_model.encoder.down.0.";
        var names = _file.Tensors.Keys.Where(name => name.StartsWith(Level, StringComparison.Ordinal)).ToList();
        foreach (var name in names)
            _file.Tensors.Remove(name);

        Assert.Contains(
            $"lacks the tensor '{Level}block.0.norm1.weight' and {names.Count - 1} more, which",
            _file.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tensor_among_a_networks_own_that_it_has_no_place_for_is_named()
    {
        _file.Tensors["model.diffusion_model.input_blocks.10.0.in_layers.0.weight"] = zeros(32);

        Assert.Contains(
            "holds the tensor 'model.diffusion_model.input_blocks.10.0.in_layers.0.weight', which its "
                + "configuration has no place for",
            _file.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named()
    {
        _file.Tensors["model.diffusion_model.out.0.bias"] = zeros(33);

        Assert.Contains(
            "holds tensor 'model.diffusion_model.out.0.bias' with shape [33] where [32] is expected",
            _file.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Quantised_weights_are_refused_and_floats_of_several_types_are_not()
    {
        const string Name = "model.diffusion_model.out.2.weight";
        _file.Tensors[Name] = _file.Tensors[Name].to(ScalarType.Float32);
        using (var loaded = _file.Load())
            Assert.NotEmpty(loaded.Notes);

        _file.Tensors[Name] = _file.Tensors[Name].to(ScalarType.Int8);

        Assert.Contains($"holds the tensor '{Name}' as Int8; quantised", _file.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_are_not_the_published_ones_need_a_configuration()
    {
        _file.Configuration = null;

        Assert.Equal(
            $"'{_file.Path}' has the layout of Stable Diffusion 1.x but other sizes (32 channels, text of width 24), "
                + "and nothing says how many heads it has; give with {model-config} the folder of a diffusers pipeline "
                + "that does, or the model's original YAML file.",
            _file.Refusal()
        );
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("absent.yaml")]
    public void A_configuration_that_is_neither_folder_nor_YAML_is_refused(string name)
    {
        _file.Configuration = Path.Combine(Path.GetDirectoryName(_file.Path)!, name);

        Assert.Contains($"{name}' is no configuration for {{model-config}}", _file.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unet")]
    [InlineData("vae")]
    [InlineData("text_encoder")]
    public void A_configuration_folder_without_a_part_is_refused(string part)
    {
        using var folder = new TempFolder();
        folder.CopyOf(_file.Configuration!);
        _file.Configuration = folder.Path;
        File.Delete(folder[$"{part}/config.json"]);
        Assert.Contains($"{part}' holds no config.json", _file.Refusal(), StringComparison.Ordinal);

        Directory.Delete(folder[part]);
        Assert.Contains($"lacks the folder {part}", _file.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "is no valid YAML (line ")]
    [InlineData("a: 1\na: 2", "is no valid YAML")]
    [InlineData("- a", "is no JSON object")]
    [InlineData("model: {}", "lacks the section params")]
    public void Broken_YAML_is_refused(string text, string named)
    {
        _file.Configuration = null;
        _file.Beside("model.yaml", text);

        Assert.Contains(named, _file.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("num_heads: 8", "num_heads: 8\n        use_scale_shift_norm: True", "use_scale_shift_norm")]
    [InlineData("num_heads: 8", "num_heads: 8\n        n_embed: 16", "n_embed")]
    [InlineData("use_spatial_transformer: True", "use_spatial_transformer: False", "use_spatial_transformer")]
    [InlineData("context_dim: 24", "", "context_dim")]
    [InlineData("attn_resolutions: []", "attn_resolutions: [16]", "attn_resolutions")]
    [InlineData("embed_dim: 4", "embed_dim: 3", "embed_dim")]
    [InlineData("timesteps: 1000", "timesteps: 1000\n    parameterization: \"w\"", "parameterization")]
    [InlineData("timesteps: 1000", "timesteps: 1000\n    beta_schedule: cosine", "beta_schedule")]
    public void Settings_of_the_YAML_that_are_not_supported_are_refused_by_name(string from, string to, string named)
    {
        var yaml = File.ReadAllText(GoldenFiles.PathOf("single-file/sd15/v1-inference.yaml"));
        Assert.Contains(from, yaml, StringComparison.Ordinal);
        _file.Configuration = _file.Beside("other.yaml", yaml.Replace(from, to, StringComparison.Ordinal));

        Assert.Contains(named, _file.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_heads_of_a_text_encoder_of_no_published_width_are_not_guessed()
    {
        _file.Configuration = GoldenFiles.PathOf("single-file/sd15/v1-inference.yaml");

        Assert.Contains(
            "v1-inference.yaml' does not say how many heads the text encoder of width 24 has",
            _file.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tokenizer_that_is_neither_given_nor_CLIPs_is_asked_for()
    {
        using var loaded = _file.Load();

        var refusal = Assert.Throws<DasAudit.Abstractions.AuditException>(() =>
            loaded.Configuration.TextEncoders[0].ReadVocabulary()
        );

        Assert.Contains("has a text encoder of 634 tokens", refusal.Message, StringComparison.Ordinal);
    }
}
