using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip.Tests;

public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private EncoderPreprocessing ReadAll(string json) =>
        PreprocessingFiles.Read(_folder.Write("preprocessor_config.json", json), "preprocessor_config.json");

    private PreprocessorSettings Read(string json) => ReadAll(json).Settings;

    private string Refusal(string json) => Assert.Throws<AuditException>(() => Read(json)).Message;

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
        Assert.Equal(ResizeRule.ShortestEdge(224), settings.Resize);
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
            (ResizeRule.Exact(224, 224), null, ResampleFilter.Bilinear),
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
        Assert.Equal((ResizeRule.Exact(256, 256), (224, 224)), (settings.Resize, settings.Crop));
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
        Assert.Equal((ResizeRule.Exact(256, 128), null), (settings.Resize, settings.Crop));
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
    public void What_a_file_without_an_image_processor_does_not_state_is_clips_own_and_said()
    {
        var preprocessing = ReadAll("{}");
        Assert.Equal(PreprocessorSettings.Clip(224).Canonical(), preprocessing.Settings.Canonical());
        Assert.Contains(
            "nor do_rescale, rescale_factor,",
            Assert.Single(preprocessing.Assumptions),
            StringComparison.Ordinal
        );
        Assert.Empty(ReadAll("""{"image_processor_type": "CLIPImageProcessor"}""").Assumptions);
        Assert.Empty(ReadAll(Models.NoPreprocessing).Assumptions);
    }

    [Theory]
    [InlineData("CLIPImageProcessorFast", "resize shortest edge to 224, bicubic; centre crop 224×224;")]
    [InlineData("CLIPImageProcessorPil", "resize shortest edge to 224, bicubic; centre crop 224×224;")]
    [InlineData("ChineseCLIPFeatureExtractor", "resize shortest edge to 224, bicubic; centre crop 224×224;")]
    [InlineData("ViTImageProcessor", "resize to 224×224, bilinear; rescale by 1/255; mean 0.5; std 0.5")]
    [InlineData("SiglipImageProcessorFast", "resize to 224×224, bicubic; rescale by 1/255; mean 0.5; std 0.5")]
    [InlineData("BeitImageProcessor", "resize to 256×256, bicubic; centre crop 224×224; rescale by 1/255; mean 0.5;")]
    [InlineData("ConvNextImageProcessor", "resize to 384×384, bicubic; rescale by 1/255; mean 0.5; std 0.5")]
    [InlineData("BlipImageProcessor", "resize to 384×384, bicubic; rescale by 1/255; mean 0.48145466,")]
    [InlineData(
        "PvtImageProcessor",
        "resize to 224×224, bilinear; rescale by 1/255; mean 0.485, 0.456, 0.406; std 0.229,"
    )]
    [InlineData("LevitFeatureExtractor", "resize shortest edge to 256, bicubic; centre crop 224×224;")]
    [InlineData("PoolFormerImageProcessor", "resize shortest edge to 248, bicubic; centre crop 224×224;")]
    [InlineData("MobileNetV2ImageProcessor", "resize shortest edge to 256, bilinear; centre crop 224×224;")]
    public void Each_image_processor_has_its_own_defaults(string type, string expected) =>
        Assert.StartsWith(expected, $"{Read($$"""{"image_processor_type": "{{type}}"}""")}", StringComparison.Ordinal);

    [Theory]
    [InlineData("Siglip2ImageProcessor")]
    [InlineData("DINOv3ViTImageProcessorFast")]
    [InlineData("Owlv2ImageProcessor")]
    [InlineData("TimmWrapperImageProcessor")]
    public void An_image_processor_that_is_not_known_is_refused_by_name(string type) =>
        Assert.Contains(
            $"is of the image processor {type}, which is not known",
            Refusal($$"""{"image_processor_type": "{{type}}"}"""),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("ViTImageProcessor", "\"do_center_crop\": true", "asks for do_center_crop (true)")]
    [InlineData("ViTImageProcessor", "\"crop_pct\": 0.9", "asks for crop_pct (0.9)")]
    [InlineData("CLIPImageProcessor", "\"rescale_offset\": true", "asks for rescale_offset (true)")]
    [InlineData("CLIPImageProcessor", "\"include_top\": true", "asks for include_top (true)")]
    [InlineData("CLIPImageProcessor", "\"do_flip_channel_order\": true", "asks for do_flip_channel_order (true)")]
    [InlineData("CLIPImageProcessor", "\"patch_size\": 14", "asks for patch_size (14)")]
    [InlineData("ConvNextImageProcessor", "\"size\": {\"height\": 64, \"width\": 64}", "has a size of a kind")]
    [InlineData("ConvNextImageProcessor", "\"crop_pct\": 0", "has a crop_pct of 0")]
    [InlineData("SiglipImageProcessor", "\"size\": 224", "has a size of a kind")]
    [InlineData("MobileViTImageProcessor", "\"resample\": 2, \"do_normalize\": true", "asks for do_normalize (true)")]
    [InlineData("MobileViTImageProcessor", "\"size\": 256", "names no resample filter")]
    [InlineData("EfficientNetImageProcessor", "\"size\": 256", "names no resample filter")]
    [InlineData("DPTImageProcessor", "\"keep_aspect_ratio\": true", "asks for keep_aspect_ratio")]
    [InlineData("DPTImageProcessor", "\"ensure_multiple_of\": 14", "asks for ensure_multiple_of (14)")]
    [InlineData("DPTImageProcessor", "\"do_pad\": true", "asks for do_pad (true)")]
    public void A_key_that_its_image_processor_does_not_follow_here_is_refused_by_name(
        string type,
        string key,
        string expected
    ) =>
        Assert.Contains(
            expected,
            Refusal($$"""{"image_processor_type": "{{type}}", {{key}}}"""),
            StringComparison.Ordinal
        );

    [Fact]
    public void Keys_that_change_nothing_are_passed_over()
    {
        var plain = """{"image_processor_type": "CLIPImageProcessor"}""";
        var full = """
            {"image_processor_type": "CLIPImageProcessor", "processor_class": "CLIPProcessor",
             "data_format": "channels_first",
             "_valid_processor_keys": ["images"], "return_tensors": null, "input_data_format": null, "device": null,
             "disable_grouping": null, "default_to_square": false, "do_pad": null, "pad_size": null,
             "do_convert_rgb": false,
             "antialias": null, "do_invent": false}
            """;
        Assert.Equal(Read(plain).Canonical(), Read(full).Canonical());
    }

    [Fact]
    public void Efficientnet_rescales_around_zero_and_divides_twice()
    {
        var settings = Read(
            """
            {"image_processor_type": "EfficientNetImageProcessor", "resample": 0, "rescale_factor": 0.00784313725490196,
             "rescale_offset": true, "include_top": true, "do_normalize": false, "image_std": [1, 2, 4]}
            """
        );
        Assert.Equal("resize to 346×346, nearest; rescale by 1/127.5 less 1; std again 1, 2, 4", settings.ToString());
        var values = new ImagePreprocessor(settings).Normalise(new Picture(1, 1, [255, 255, 0]));
        Assert.Equal([1f, 0.5f, -0.25f], values);
    }

    [Theory]
    [InlineData("not json", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("""{"do_resize": "yes"}""", "cannot be read")]
    [InlineData("""{"image_mean": [0.5, "a", 0.5]}""", "cannot be read")]
    [InlineData("""{"do_pad": true}""", "asks for do_pad")]
    [InlineData("""{"resample": 6}""", "asks for the resampling filter 6")]
    [InlineData("""{"size": {"height": 224, "height": 224}}""", "has a size of a kind that is not supported")]
    [InlineData("""{"size": [224, 256]}""", "has a size of a kind that is not supported")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "run 'git lfs pull'")]
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
        Assert.Contains(expected, Refusal(json), StringComparison.Ordinal);

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
                            Resize = ResizeRule.ShortestEdge(225),
                        },
                        clip with
                        {
                            Resize = ResizeRule.Exact(224, 224),
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
                        clip with
                        {
                            Resize = new(ResizeKind.Inside, 224, 224),
                        },
                        clip with
                        {
                            Placement = CropPlacement.HalfToEven,
                        },
                        clip with
                        {
                            Fill = (1, 2, 3),
                        },
                        clip with
                        {
                            RescalesAroundZero = true,
                        },
                        clip with
                        {
                            LastDeviation = [1, 1, 1],
                        },
                        clip with
                        {
                            SwapsRedAndBlue = true,
                        },
                    ]
            ).Select(s => s.Canonical())
        );
    }
}
