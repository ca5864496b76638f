using System.Text.Json.Nodes;
using DasAudit.Abstractions;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>
/// What the adapter cannot load is refused in one sentence that names the file and what is wrong in it.
/// </summary>
public class RefusalTests
{
    private const string Weights = "unet/diffusion_pytorch_model.safetensors";
    private const string Model = "unet/config.json";
    private const string Scheduler = "scheduler/scheduler_config.json";

    [Theory]
    [InlineData(
        Model,
        "down_block_types",
        """["DownBlock2D", "AttnSkipDownBlock2D", "DownBlock2D", "DownBlock2D"]""",
        "'AttnSkipDownBlock2D'"
    )]
    [InlineData(
        Model,
        "up_block_types",
        """["UpBlock2D", "UpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"]""",
        "'CrossAttnUpBlock2D'"
    )]
    [InlineData(Model, "up_block_types", """["UpBlock2D"]""", "1 entries in up_block_types but 4")]
    [InlineData(Model, "down_block_types", "7", "down_block_types to 7")]
    [InlineData(
        Model,
        "mid_block_type",
        "\"UNetMidBlock2DCrossAttn\"",
        "mid_block_type to \"UNetMidBlock2DCrossAttn\""
    )]
    [InlineData(Model, "act_fn", "\"gelu\"", "act_fn to \"gelu\"")]
    [InlineData(Model, "time_embedding_type", "\"fourier\"", "time_embedding_type to \"fourier\"")]
    [InlineData(Model, "class_embed_type", "\"timestep\"", "class_embed_type to \"timestep\"")]
    [InlineData(Model, "resnet_time_scale_shift", "\"spatial\"", "resnet_time_scale_shift to \"spatial\"")]
    [InlineData(Model, "downsample_type", "\"avg\"", "downsample_type to \"avg\"")]
    [InlineData(Model, "upsample_type", "\"kernel\"", "upsample_type to \"kernel\"")]
    [InlineData(Model, "downsample_padding", "2", "downsample_padding to 2")]
    [InlineData(Model, "freq_shift", "0.5", "freq_shift to 0.5")]
    [InlineData(Model, "norm_num_groups", "5", "does not divide the block's 8 channels")]
    [InlineData(Model, "attn_norm_num_groups", "5", "attn_norm_num_groups to 5")]
    [InlineData(Model, "attention_head_dim", "32", "attention_head_dim to 32")]
    [InlineData(Model, "block_out_channels", "[8, 16, 1e9, 16]", "block_out_channels to 1e9")]
    [InlineData(Model, "block_out_channels", "[]", "0 in block_out_channels")]
    [InlineData(Model, "layers_per_block", "-1", "layers_per_block to -1")]
    [InlineData(Model, "sample_size", "30", "must be a multiple of 8")]
    [InlineData(Model, "sample_size", "[32, 32, 32]", "sample_size to [32,32,32]")]
    [InlineData(Model, "sample_size", "null", "no sample_size")]
    [InlineData(Model, "out_channels", "6", "out_channels to 6")]
    [InlineData(Model, "dropout", "\"none\"", "dropout to \"none\"")]
    [InlineData(Model, "center_input_sample", "1", "center_input_sample to 1")]
    [InlineData(Model, "_class_name", "\"UNet2DConditionModel\"", "_class_name to \"UNet2DConditionModel\"")]
    [InlineData(Scheduler, "_class_name", "\"KarrasVeScheduler\"", "_class_name to \"KarrasVeScheduler\"")]
    [InlineData(Scheduler, "beta_schedule", "\"sigmoid\"", "beta_schedule to \"sigmoid\"")]
    [InlineData(Scheduler, "prediction_type", "\"flow\"", "prediction_type to \"flow\"")]
    [InlineData(Scheduler, "variance_type", "\"learned_range\"", "variance_type to \"learned_range\"")]
    [InlineData(Scheduler, "timestep_spacing", "\"karras\"", "timestep_spacing to \"karras\"")]
    [InlineData(Scheduler, "predict_epsilon", "false", "predict_epsilon to false")]
    [InlineData(Scheduler, "trained_betas", "[0.1, 0.2]", "2 values in trained_betas")]
    [InlineData(Scheduler, "trained_betas", "[0.1, \"x\"]", "trained_betas to \"x\"")]
    [InlineData(Scheduler, "num_train_timesteps", "0", "num_train_timesteps to 0")]
    [InlineData(Scheduler, "beta_start", "0", "beta at timestep 0 is 0")]
    public void A_setting_that_is_not_supported_is_named(string file, string key, string value, string expected)
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        Change(folder, file, key, value);

        var message = Refusal(folder.Path);

        Assert.Contains(expected, message, StringComparison.Ordinal);
        if (key != "beta_start")
            Assert.Contains(Path.GetFileName(file), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Model, "_name_or_path", "\"somewhere\"")]
    [InlineData(Model, "mid_block_type", "\"UNetMidBlock2D\"")]
    [InlineData(Model, "encoder_hid_dim", "null")]
    [InlineData(Model, "num_train_timesteps", "1000")]
    [InlineData(Model, "act_fn", "\"swish\"")]
    [InlineData(
        Model,
        "down_block_types",
        """["UNetResDownBlock2D", "UNetResAttnDownBlock2D", "UNetResDownBlock2D", "UNetResDownBlock2D"]"""
    )]
    [InlineData(Scheduler, "skip_prk_steps", "true")]
    [InlineData(Scheduler, "predict_epsilon", "true")]
    [InlineData(Scheduler, "thresholding", "true")]
    [InlineData(Scheduler, "algorithm_type", "\"dpmsolver\"")]
    public void A_setting_that_changes_nothing_is_accepted(string file, string key, string value)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        Change(folder, file, key, value);
        using var golden = new Golden("ddpm-tiny");

        using var model = Golden.Load(folder.Path);

        Assert.Equal(0, Golden.MaxAbs(golden.Predict(), golden.Predict(model)));
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using var folder = new TempFolder();
        Rewrite(folder, tensors => tensors.Where(entry => entry.Name != "mid_block.resnets.1.conv2.bias"));

        Assert.Contains(
            "lacks the tensor 'mid_block.resnets.1.conv2.bias'",
            Refusal(folder.Path),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_unexpected_tensor_is_named()
    {
        using var folder = new TempFolder();
        Rewrite(folder, tensors => tensors.Append(("mid_block.resnets.2.conv2.bias", zeros(8))));

        Assert.Contains(
            "holds the tensor 'mid_block.resnets.2.conv2.bias'",
            Refusal(folder.Path),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_with_both_shapes()
    {
        using var folder = new TempFolder();
        Rewrite(
            folder,
            tensors => tensors.Select(entry => entry.Name == "conv_in.bias" ? (entry.Name, zeros(9)) : entry)
        );

        var message = Refusal(folder.Path);

        Assert.Contains("'conv_in.bias' with shape [9] where [8]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integer_weights_are_refused_as_quantised()
    {
        using var folder = new TempFolder();
        Rewrite(
            folder,
            tensors =>
                tensors.Select(entry =>
                    entry.Name == "conv_in.bias" ? (entry.Name, zeros(8, dtype: ScalarType.Int8)) : entry
                )
        );

        Assert.Contains("'conv_in.bias' as Int8; quantised", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_weight_under_its_old_and_its_new_name_is_refused()
    {
        using var folder = new TempFolder();
        Rewrite(folder, tensors => tensors.Append(("mid_block.attentions.0.query.weight", zeros(16, 16))));

        Assert.Contains("mid_block.attentions.0.", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_is_a_pickle_is_told_to_be_converted()
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        File.Move(folder[Weights], folder["unet/diffusion_pytorch_model.bin"]);

        var message = Refusal(folder.Path);

        Assert.Contains("diffusion_pytorch_model.bin", message, StringComparison.Ordinal);
        Assert.Contains("convert it to diffusion_pytorch_model.safetensors", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Weights, "holds no diffusion_pytorch_model.safetensors")]
    [InlineData(Model, "config.json' cannot be read")]
    public void A_missing_file_is_named(string file, string expected)
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        File.Delete(folder[file]);

        Assert.Contains(expected, Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model_index.json", "{ \"unet\": [\"diffusers\", \"UNet2DModel\"")]
    [InlineData(Model, "{ \"_class_name\": ")]
    [InlineData(Model, "[]")]
    [InlineData(Scheduler, "")]
    public void Invalid_JSON_is_named(string file, string text)
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        File.WriteAllText(folder[file], text);

        Assert.Contains($"'{folder[file]}' is no ", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_weights_are_named()
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        File.WriteAllBytes(folder[Weights], File.ReadAllBytes(folder[Weights])[..5000]);

        Assert.Contains("is no valid safetensors file", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_with_another_part_is_refused_because_its_samples_are_no_pictures()
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        Change(folder, "model_index.json", "vqvae", """["diffusers", "VQModel"]""");

        Assert.True(new DiffusersAdapter().CanLoad(folder.Path));
        Assert.Contains("has the part 'vqvae' (VQModel)", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_checkpoints_of_this_kind_are_recognised_and_nothing_throws()
    {
        using var folder = new TempFolder();
        var adapter = new DiffusersAdapter();

        Assert.Equal("diffusers", adapter.Name);
        Assert.All(Golden.Names, name => Assert.True(adapter.CanLoad(GoldenFiles.PathOf(name))));
        Assert.True(adapter.CanLoad(Path.Combine(GoldenFiles.PathOf("ddpm-tiny"), "unet")));
        Assert.False(adapter.CanLoad(folder.Path));
        Assert.False(adapter.CanLoad(folder["missing"]));
        Assert.False(adapter.CanLoad(Path.Combine(GoldenFiles.PathOf("ddpm-tiny"), "golden.safetensors")));
        Assert.False(adapter.CanLoad(Path.Combine(GoldenFiles.PathOf("ddpm-tiny"), "scheduler")));
        folder.Write("model_index.json", """{ "unet": ["diffusers", "UNet3DConditionModel"] }""");
        Assert.False(adapter.CanLoad(folder.Path));
        Assert.Contains("unet to [", Refusal(folder.Path), StringComparison.Ordinal);
    }

    private static string Refusal(string path)
    {
        var message = Assert.Throws<AuditException>(() => Golden.Load(path)).Message;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static void Change(TempFolder folder, string file, string key, string value)
    {
        var json = JsonNode.Parse(File.ReadAllText(folder[file]))!.AsObject();
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(folder[file], json.ToJsonString());
    }

    private static void Rewrite(
        TempFolder folder,
        Func<IEnumerable<(string Name, Tensor Tensor)>, IEnumerable<(string, Tensor)>> change
    )
    {
        using var scope = NewDisposeScope();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        List<(string, Tensor)> tensors;
        using (var file = SafetensorsFile.Open(folder[Weights]))
            tensors = [.. change(file.Names.Select(name => (name, file.Read(name))).ToList())];
        SafetensorsWriter.Write(folder[Weights], tensors);
    }
}
