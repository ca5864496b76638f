using DasAudit.Abstractions;

namespace DasAudit.Clip.Tests;

public sealed class PreprocessingFilesTests : IDisposable
{
    private const string Clip = """{"image_processor_type": "CLIPImageProcessor"}""";
    private const string Vit = """{"image_processor_type": "ViTImageProcessor"}""";
    private const string OpenClip = """{"model_cfg": {"vision_cfg": {"image_size": 224}}, "preprocess_cfg": {}}""";
    private readonly TempFolder _folder = new();

    public PreprocessingFilesTests() => _folder.Write("encoder/onnx/model.onnx", "");

    public void Dispose() => _folder.Dispose();

    private EncoderPreprocessing Find() => PreprocessingFiles.Find(EncoderFiles.Find(_folder["encoder"]));

    private string Refusal() => Assert.Throws<AuditException>(() => Find()).Message;

    [Fact]
    public void Without_a_known_file_nothing_is_assumed()
    {
        _folder.Write("encoder/config.json", "{}");
        _folder.Write("encoder/processor_config.json", """{"processor_class": "CLIPProcessor"}""");
        Assert.Contains("No file beside the encoder", Refusal(), StringComparison.Ordinal);
        Assert.Contains("{preprocess} clip|siglip|imagenet|dinov2|none", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("preprocessor_config.json", Clip)]
    [InlineData("onnx/preprocessor_config.json", Clip)]
    [InlineData("processor_config.json", """{"image_processor": {"image_processor_type": "CLIPImageProcessor"}}""")]
    [InlineData("open_clip_config.json", OpenClip)]
    [InlineData("preprocess_cfg.json", "{}")]
    public void Every_known_file_is_read_and_named(string name, string json)
    {
        _folder.Write("encoder/" + name, json);
        var found = Find();
        Assert.Equal(name, found.Source);
        Assert.Equal($"{PreprocessorSettings.Clip(224)}", $"{found.Settings}");
        Assert.Empty(found.Assumptions);
    }

    [Fact]
    public void The_file_beside_the_model_comes_before_the_one_above()
    {
        _folder.Write("encoder/preprocessor_config.json", Vit);
        _folder.Write("encoder/onnx/preprocessor_config.json", Clip);
        Assert.Equal("onnx/preprocessor_config.json", Find().Source);
    }

    [Fact]
    public void Files_that_agree_are_fine_and_files_that_contradict_each_other_are_named()
    {
        _folder.Write("encoder/preprocessor_config.json", Clip);
        _folder.Write("encoder/open_clip_config.json", OpenClip);
        Assert.Equal("preprocessor_config.json", Find().Source);
        _folder.Write("encoder/preprocessor_config.json", Vit);
        Assert.Contains(
            "'preprocessor_config.json' and 'open_clip_config.json' beside the encoder",
            Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Of_transformers_two_files_the_newer_is_followed_and_a_contradiction_is_said()
    {
        _folder.Write("encoder/processor_config.json", $$"""{"image_processor": {{Vit}}}""");
        _folder.Write("encoder/preprocessor_config.json", Vit);
        Assert.Empty(Find().Assumptions);
        _folder.Write("encoder/preprocessor_config.json", Clip);
        var found = Find();
        Assert.Equal("processor_config.json", found.Source);
        Assert.StartsWith("resize to 224×224, bilinear", $"{found.Settings}", StringComparison.Ordinal);
        Assert.Contains("contradict each other", Assert.Single(found.Assumptions), StringComparison.Ordinal);
        // What transformers 5 passes over may say what it likes.
        _folder.Write("encoder/preprocessor_config.json", """{"image_processor_type": "Unknown"}""");
        Assert.Single(Find().Assumptions);
    }

    [Fact]
    public void A_given_file_is_read_by_what_it_holds()
    {
        var given = new GivenPreprocessing(_folder.Write("mine.json", OpenClip), "given");
        Assert.Equal("given", PreprocessingFiles.ReadGiven(given).Source);
        _folder.Write("mine.json", """{"resize_mode": "squash", "size": 99}""");
        Assert.StartsWith(
            "resize to 99×99",
            $"{PreprocessingFiles.ReadGiven(given).Settings}",
            StringComparison.Ordinal
        );
        var error = Assert.Throws<AuditException>(() =>
            PreprocessingFiles.ReadGiven(new("clipp", "--preprocess clipp"))
        );
        Assert.Contains("'--preprocess clipp' names no file that is there", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip", null, "resize shortest edge to 224, bicubic; centre crop 224×224; rescale by 1/255; mean 0.")]
    [InlineData("clip", 336, "resize shortest edge to 336, bicubic; centre crop 336×336;")]
    [InlineData("siglip:384", null, "resize to 384×384, bicubic; rescale by 1/255; mean 0.5; std 0.5")]
    [InlineData("imagenet", null, "resize shortest edge to 256, bilinear; centre crop 224×224;")]
    [InlineData("dinov2", null, "resize shortest edge to 256, bicubic; centre crop 224×224;")]
    [InlineData("none", null, "none: pictures as they are, bytes 0 to 255")]
    public void Presets_are_as_their_makers_have_them(string name, int? side, string expected)
    {
        Assert.True(PreprocessingPresets.Contains(name));
        Assert.StartsWith(expected, $"{PreprocessingPresets.Of(name, side)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip:")]
    [InlineData("clip:0")]
    [InlineData("clip:large")]
    public void A_preset_with_a_side_that_is_none_is_refused(string text) =>
        Assert.Contains(
            "names no side in pixels",
            Assert.Throws<AuditException>(() => PreprocessingPresets.Of(text, null)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"interpolation": "random"}""", "asks for the interpolation random; there are nearest, lanczos,")]
    [InlineData("""{"interpolation": "3"}""", "asks for the interpolation 3")]
    [InlineData(
        """{"resize_mode": "stretch"}""",
        "asks for the resize_mode stretch; there are squash, shortest and longest"
    )]
    [InlineData("""{"mode": "L"}""", "asks for the mode L")]
    [InlineData("""{"crop_pct": 0.9}""", "asks for crop_pct (0.9), which is no setting of open_clip's")]
    [InlineData("""{"fill_color": [1, 2]}""", "has a fill_color of [1, 2]")]
    [InlineData("""{"fill_color": 256}""", "cannot be read")]
    [InlineData("""{"size": [1, 2, 3]}""", "has a size of [1, 2, 3]")]
    public void What_open_clip_does_not_know_is_refused_by_name(string json, string expected)
    {
        _folder.Write("encoder/preprocess_cfg.json", json);
        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model_cfg": {}}""", "names no preprocess_cfg")]
    [InlineData(
        """{"model_cfg": {"vision_cfg": {"image_size": 224}}, "preprocess_cfg": {"size": 256}}""",
        "has two sizes, 224 and 256"
    )]
    public void An_open_clip_config_that_says_too_little_or_too_much_is_refused(string json, string expected)
    {
        _folder.Write("encoder/open_clip_config.json", json);
        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }
}
