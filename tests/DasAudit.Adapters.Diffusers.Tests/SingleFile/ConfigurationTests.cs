using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.SingleFile;
using DasAudit.Adapters.Diffusers.Vae;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>Where the settings of a single file come from.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private static readonly string Yaml = GoldenFiles.PathOf("single-file/sd15/v1-inference.yaml");

    private readonly Rewritten _file = new();

    public void Dispose() => _file.Dispose();

    /// <summary>The reference library derived the folder's configurations from this YAML file.</summary>
    [Fact]
    public void The_original_YAML_says_what_the_reference_library_reads_from_it()
    {
        var model = YamlConfig.Read(Yaml).Section("model").Section("params");
        using var file = OriginalFile.Open(GoldenFiles.PathOf("single-file/sd15/sd15-tiny.safetensors"));
        var unet = new OriginalUnetSettings(model.Section("unet_config").Section("params"), file).Json(
            model.Int("image_size", 0, 1, 100)
        );
        var vae = new OriginalVaeSettings(model.Section("first_stage_config").Section("params"), 0.18215).Json();

        Assert.Equivalent(UNet2DConditionConfig.Read(Expected("unet")), UNet2DConditionConfig.Read(unet), strict: true);
        Assert.Equivalent(AutoencoderKLConfig.Read(Expected("vae")), AutoencoderKLConfig.Read(vae), strict: true);
    }

    [Fact]
    public void A_YAML_of_the_same_name_beside_the_file_counts_unless_another_configuration_is_given()
    {
        _file.Beside("model.yaml", "- broken");

        using (var loaded = _file.Load())
            Assert.Contains(Path.Combine(_file.Configuration!, "unet", "config.json"), loaded.Configuration.Files);
        _file.Configuration = null;
        Assert.Contains("model.yaml' is no JSON object", _file.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_scheduler_gets_the_familys_and_says_so()
    {
        using var folder = new TempFolder();
        folder.CopyOf(_file.Configuration!);
        Directory.Delete(folder["scheduler"], recursive: true);
        _file.Configuration = folder.Path;

        using var loaded = _file.Load();

        Assert.Null(loaded.Configuration.SchedulerFile);
        Assert.StartsWith(
            $"No file states the noise schedule of '{_file.Path}' and what its U-Net predicts; betas scaled_linear "
                + "from 0.00085 to 0.012, 1000 timesteps and the prediction type epsilon were assumed",
            loaded.Configuration.SchedulerNote,
            StringComparison.Ordinal
        );
        var assumed = SchedulerConfig.Read(loaded.Configuration.Scheduler);
        var published = SchedulerConfig.Read(
            JsonConfig.Read(GoldenFiles.PathOf("single-file/sd15/diffusers-config/scheduler/scheduler_config.json"))
        );
        Assert.True(assumed.Schedule.Betas.SequenceEqual(published.Schedule.Betas));
        Assert.Equal(published.Sampling, assumed.Sampling);
        Assert.Empty(assumed.Notes);
    }

    [Theory]
    [InlineData("v_pred", null, null, "v_prediction", "as its tensor v_pred says")]
    [InlineData(null, "modelspec.prediction_type", "v", "v_prediction", "(modelspec.prediction_type v) says")]
    [InlineData(null, "modelspec.prediction_type", "epsilon", "epsilon", "(modelspec.prediction_type epsilon) says")]
    [InlineData(
        null,
        "modelspec.architecture",
        "stable-diffusion-v2-768-v",
        "v_prediction",
        "(modelspec.architecture stable-diffusion-v2-768-v) says"
    )]
    [InlineData(null, "modelspec.architecture", "stable-diffusion-v1", "epsilon", "were assumed")]
    public void What_the_file_says_of_its_prediction_is_followed(
        string? tensorName,
        string? key,
        string? value,
        string prediction,
        string said
    )
    {
        using var folder = new TempFolder();
        folder.CopyOf(_file.Configuration!);
        Directory.Delete(folder["scheduler"], recursive: true);
        _file.Configuration = folder.Path;
        if (tensorName is not null)
            _file.Tensors[tensorName] = zeros(1);
        if (key is not null)
            _file.Metadata[key] = value!;

        using var loaded = _file.Load();

        Assert.Equal(prediction, loaded.Configuration.Scheduler.String("prediction_type", null));
        Assert.Contains(said, loaded.Configuration.SchedulerNote, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_that_ends_in_noise_is_rescaled()
    {
        using var folder = new TempFolder();
        folder.CopyOf(_file.Configuration!);
        Directory.Delete(folder["scheduler"], recursive: true);
        _file.Configuration = folder.Path;
        _file.Tensors["ztsnr"] = zeros(1);

        using var loaded = _file.Load();

        Assert.Equal(0, SchedulerConfig.Read(loaded.Configuration.Scheduler).Schedule.AlphasCumprod[^1]);
        Assert.Contains("rescaled to zero terminal SNR", loaded.Configuration.SchedulerNote, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_contradicts_the_file_is_followed_and_that_is_said()
    {
        _file.Tensors["v_pred"] = zeros(1);

        using var loaded = _file.Load();

        Assert.Equal(
            $"'{Path.Combine(_file.Configuration!, "scheduler", "scheduler_config.json")}' states the prediction type "
                + $"epsilon, which was followed, though '{_file.Path}' says v_prediction by its tensor v_pred.",
            loaded.Configuration.SchedulerNote
        );
    }

    [Fact]
    public void A_stated_schedule_that_does_not_end_in_noise_as_the_file_says_is_followed_and_that_is_said()
    {
        _file.Tensors["ztsnr"] = zeros(1);
        _file.Tensors["v_pred"] = zeros(1);

        using var loaded = _file.Load();

        Assert.Equal(
            $"'{Path.Combine(_file.Configuration!, "scheduler", "scheduler_config.json")}' states the prediction type "
                + "epsilon and a noise schedule without zero terminal SNR, which was followed, though "
                + $"'{_file.Path}' says v_prediction by its tensor v_pred and zero terminal SNR by its tensor ztsnr.",
            loaded.Configuration.SchedulerNote
        );
    }

    [Fact]
    public void What_says_how_the_file_predicts_is_not_among_the_tensors_that_were_ignored()
    {
        IReadOnlyList<string> before;
        using (var unmarked = _file.Load())
            before = unmarked.Notes;
        _file.Tensors["ztsnr"] = zeros(1);
        _file.Tensors["v_pred"] = zeros(1);

        using var loaded = _file.Load();

        Assert.Equal(before, loaded.Notes);
    }

    private static JsonConfig Expected(string part) =>
        JsonConfig.Read(GoldenFiles.PathOf($"single-file/sd15/diffusers-config/{part}/config.json"));
}
