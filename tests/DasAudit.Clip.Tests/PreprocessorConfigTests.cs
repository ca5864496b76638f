using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip.Tests;

public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private PreprocessorSettings Read(string json) =>
        PreprocessorConfig.Read(_folder.Write("preprocessor_config.json", json));

    [Fact]
    public void The_old_feature_extractor_of_openai_clip_is_read()
    {
        var settings = Read(
            """
            {"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,
             "feature_extractor_type": "CLIPFeatureExtractor",
             "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "size": 224}
            """
        );
        Assert.Equal(PreprocessorSettings.Clip(224).Canonical(), settings.Canonical());
        Assert.Equal(new ResizeRule(224), settings.Resize);
        Assert.Equal((224, 224), settings.Crop);
    }

    [Fact]
    public void A_vit_that_is_resized_to_a_square_is_read()
    {
        var settings = Read(
            """
            {"do_normalize": true, "do_resize": true, "feature_extractor_type": "ViTFeatureExtractor",
             "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": 224}
            """
        );
        Assert.Equal(
            (new ResizeRule(null, 224, 224), null, ResampleFilter.Bilinear),
            (settings.Resize, settings.Crop, settings.Filter)
        );
        Assert.Equal([0.5, 0.5, 0.5], settings.Mean);
        Assert.Equal(1 / 255.0, settings.RescaleFactor);
        Assert.Equal((224, 224), settings.OutputSize);
    }

    [Fact]
    public void Deit_resizes_to_a_square_before_it_crops()
    {
        var settings = Read(
            """
            {"feature_extractor_type": "DeiTFeatureExtractor", "size": 256, "do_center_crop": true,
             "crop_size": 224}
            """
        );
        Assert.Equal((new ResizeRule(null, 256, 256), (224, 224)), (settings.Resize, settings.Crop));
    }

    [Fact]
    public void A_siglip_with_height_and_width_is_read()
    {
        var settings = Read(
            """
            {"image_processor_type": "SiglipImageProcessor", "do_resize": true, "do_rescale": true,
             "do_normalize": true,
             "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 3,
             "rescale_factor": 0.00392156862745098,
             "size": {"height": 256, "width": 128}, "do_convert_rgb": null}
            """
        );
        Assert.Equal((new ResizeRule(null, 256, 128), null), (settings.Resize, settings.Crop));
    }

    [Fact]
    public void Flags_switch_steps_off()
    {
        var settings = Read(
            """
            {"do_resize": false, "do_center_crop": false, "do_rescale": false, "do_normalize": false,
             "do_pad": false, "size": 9, "crop_size": 9}
            """
        );
        Assert.Equal((null, null, null), (settings.Resize, settings.Crop, settings.RescaleFactor));
        Assert.Empty(settings.Mean);
        Assert.Empty(settings.Deviation);
        Assert.Null(settings.OutputSize);
    }

    [Fact]
    public void An_empty_object_is_clips_own() =>
        Assert.Equal(PreprocessorSettings.Clip(224).Canonical(), Read("{}").Canonical());

    [Theory]
    [InlineData("not json", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("""{"do_resize": "yes"}""", "cannot be read")]
    [InlineData("""{"image_mean": [0.5, "a", 0.5]}""", "cannot be read")]
    [InlineData("""{"do_pad": true}""", "asks for do_pad")]
    [InlineData("""{"resample": 1}""", "asks for the resampling filter 1")]
    [InlineData("""{"size": {"longest_edge": 224}}""", "has a size of a kind that is not supported")]
    [InlineData(
        """{"size": {"shortest_edge": 224, "longest_edge": 448}}""",
        "has a size of a kind that is not supported"
    )]
    [InlineData("""{"size": 0}""", "0 pixels")]
    [InlineData("""{"size": 1000000}""", "1000000 pixels")]
    [InlineData("""{"crop_size": {"shortest_edge": 224}}""", "has a crop_size of a kind that is not supported")]
    [InlineData("""{"image_mean": [0.5]}""", "has an image_mean of [0.5]")]
    [InlineData("""{"image_std": [0.5, 0, 0.5]}""", "has an image_std of [0.5, 0, 0.5]")]
    public void What_is_not_supported_is_refused_by_name(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<AuditException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_setting_shows_in_the_canonical_text()
    {
        var clip = PreprocessorSettings.Clip(224);
        Assert.Distinct(
            (
                (PreprocessorSettings[])
                    [
                        clip,
                        clip with
                        {
                            Resize = null,
                        },
                        clip with
                        {
                            Resize = new ResizeRule(225),
                        },
                        clip with
                        {
                            Resize = new ResizeRule(null, 224, 224),
                        },
                        clip with
                        {
                            Filter = ResampleFilter.Bilinear,
                        },
                        clip with
                        {
                            Crop = null,
                        },
                        clip with
                        {
                            Crop = (224, 225),
                        },
                        clip with
                        {
                            RescaleFactor = null,
                        },
                        clip with
                        {
                            RescaleFactor = 0.5,
                        },
                        clip with
                        {
                            Mean = [],
                        },
                        clip with
                        {
                            Mean = [0, 0, 0],
                        },
                        clip with
                        {
                            Deviation = [1, 1, 1],
                        },
                    ]
            ).Select(s => s.Canonical())
        );
    }
}
