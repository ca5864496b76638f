using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.SingleFile;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>What an original YAML file says of the noise schedule and of the text encoders' layers.</summary>
public sealed class YamlSettingsTests : IDisposable
{
    // Published values, as the authors of SDXL write them.
    private const string Xl = """
            denoiser_config:
              target: sgm.modules.diffusionmodules.denoiser.DiscreteDenoiser
              params:
                num_idx: 1000
                scaling_config:
                  target: sgm.modules.diffusionmodules.denoiser_scaling.EpsScaling
                discretization_config:
                  target: sgm.modules.diffusionmodules.discretizer.LegacyDDPMDiscretization
            conditioner_config:
              target: sgm.modules.GeneralConditioner
              params:
                emb_models:
                  - target: sgm.modules.encoders.modules.FrozenCLIPEmbedder
                    input_key: txt
                    params:
                      layer: hidden
                      layer_idx: 11
                  - target: sgm.modules.encoders.modules.FrozenOpenCLIPEmbedder2
                    input_key: txt
                    params:
                      layer: penultimate
                      legacy: False
                  - target: sgm.modules.encoders.modules.ConcatTimestepEmbedderND
                    input_key: original_size_as_tuple
                    params:
                      outdim: 256

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sdxls_published_settings_are_taken()
    {
        using var file = OpenXl(Xl);

        var scheduler = SchedulerConfig.Read(file.Configuration.Scheduler);
        var published = SchedulerConfig.Read(
            JsonConfig.Read(GoldenFiles.PathOf("single-file/sd15/diffusers-config/scheduler/scheduler_config.json"))
        );
        Assert.True(scheduler.Schedule.Betas.SequenceEqual(published.Schedule.Betas));
    }

    [Fact]
    public void The_betas_of_sdxls_discretization_are_taken()
    {
        using var file = OpenXl(
            Xl.Replace(
                    "discretizer.LegacyDDPMDiscretization",
                    "discretizer.LegacyDDPMDiscretization\n"
                        + "          params: {linear_start: 0.001, linear_end: 0.02, num_timesteps: 500}",
                    StringComparison.Ordinal
                )
                .Replace("num_idx: 1000", "num_idx: 500", StringComparison.Ordinal)
        );

        var betas = SchedulerConfig.Read(file.Configuration.Scheduler).Schedule.Betas;
        Assert.Equal(500, betas.Length);
        Assert.Equal(0.001, betas[0], 1e-6);
        Assert.Equal(0.02, betas[^1], 1e-6);
    }

    [Fact]
    public void A_layer_of_sdxls_first_text_encoder_may_be_counted_from_the_end()
    {
        using var file = OpenXl(Xl.Replace("layer_idx: 11", "layer_idx: -2", StringComparison.Ordinal));

        Assert.Equal(12, file.Configuration.TextEncoders[0].Read().NumHiddenLayers);
    }

    [Theory]
    [InlineData("LegacyDDPMDiscretization", "EDMDiscretization", "sets discretization_config.target to \"EDMDisc")]
    [InlineData("DiscreteDenoiser", "Denoiser", "sets denoiser_config.target to \"Denoiser\"")]
    [InlineData("EpsScaling", "EDMScaling", "sets scaling_config.target to \"EDMScaling\"")]
    [InlineData("num_idx: 1000", "num_idx: 500", "sets num_idx to 500, where the 1000 of")]
    [InlineData("layer_idx: 11", "layer_idx: 10", "sets layer_idx to 10, which is not supported; supported is 11.")]
    [InlineData("layer_idx: 11", "", "sets layer_idx to null, which")]
    [InlineData("layer: hidden", "layer: last", "takes the layer \"last\" of SDXL's first text encoder")]
    [InlineData("layer: hidden", "", "takes the layer \"last\" of SDXL's first text encoder")]
    [InlineData("layer: penultimate", "layer: last", "takes the layer \"last\" of SDXL's second text encoder")]
    [InlineData("legacy: False", "legacy: True", "sets legacy to true, which")]
    public void Settings_of_sdxl_that_are_not_supported_are_refused(string from, string to, string named)
    {
        Assert.Contains(from, Xl, StringComparison.Ordinal);

        Assert.Contains(
            named,
            Refusal(() => OpenXl(Xl.Replace(from, to, StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("pooled")]
    public void Another_layer_of_version_1s_text_encoder_than_the_last_is_refused(string layer)
    {
        var yaml = $"{Family("sd1")}      params: {{layer: {layer}, layer_idx: 11}}\n";

        Assert.Equal(
            $"'{_folder["model.yaml"]}' takes the layer \"{layer}\" of the text encoder of Stable Diffusion 1.x, which "
                + "is not supported; supported is last.",
            Refusal(() => Open(StableDiffusion1, yaml))
        );
    }

    [Fact]
    public void The_last_layer_of_version_1s_text_encoder_may_be_named()
    {
        using var file = Open(StableDiffusion1, $"{Family("sd1")}      params: {{layer: last}}\n");

        Assert.Equal(12, file.Configuration.TextEncoders[0].Read().NumHiddenLayers);
    }

    [Theory]
    [InlineData("layer: last", 24)]
    [InlineData("layer: penultimate", 23)]
    public void Version_2_says_whether_it_takes_the_last_layer(string layer, int layers)
    {
        var yaml = Family("sd2").Replace("layer: penultimate", layer, StringComparison.Ordinal);
        using var file = Open(new SparseFile().Unet(1024).OpenClip("cond_stage_model.model.", 24, 1024), yaml);

        Assert.Equal(layers, file.Configuration.TextEncoders[0].Read().NumHiddenLayers);
    }

    [Fact]
    public void Betas_that_are_listed_are_refused()
    {
        var yaml = Family("sd1").Replace("timesteps: 1000", "given_betas: [0.1, 0.2]", StringComparison.Ordinal);

        Assert.Contains(
            "sets given_betas to [0.1,0.2], which is not supported",
            Refusal(() => Open(StableDiffusion1, yaml)),
            StringComparison.Ordinal
        );
    }

    private static SparseFile StableDiffusion1 => new SparseFile().Unet(768).Clip("cond_stage_model.transformer.");

    private OriginalCheckpoint OpenXl(string settings)
    {
        var file = new SparseFile()
            .Unet(2048)
            .Clip("conditioner.embedders.0.transformer.")
            .OpenClip("conditioner.embedders.1.model.", 32, 1280);
        var yaml = Family("sdxl");
        var start = yaml.IndexOf("    denoiser_config:", StringComparison.Ordinal);
        var end = yaml.IndexOf("    network_config:", StringComparison.Ordinal);
        return Open(file, yaml[..start] + settings + yaml[end..]);
    }

    private OriginalCheckpoint Open(SparseFile file, string yaml)
    {
        file.Write(_folder["model.safetensors"]);
        _folder.Write("model.yaml", yaml);
        return OriginalCheckpoint.Open(_folder["model.safetensors"], asked: null);
    }

    private static string Refusal(Func<OriginalCheckpoint> open) =>
        Assert.Throws<AuditException>(() => open().Dispose()).Message;

    private static string Family(string name)
    {
        using var stream = typeof(KnownFamily).Assembly.GetManifestResourceStream($"Families.{name}.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
