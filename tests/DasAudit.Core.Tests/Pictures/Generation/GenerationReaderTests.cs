using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Tests.Pictures.Generation;

/// <remarks>The texts are written by hand as the programs' published code writes them.</remarks>
public sealed class GenerationReaderTests : IDisposable
{
    private const string WebUi =
        "a (red:1.2) cat, <lora:catStyle_v2:0.8>\non a mat\nNegative prompt: blurry, [bad]\n"
        + "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 3507834591, Size: 512x768, "
        + "Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Lora hashes: \"catStyle_v2: 0123, b: 45\", "
        + "Version: v1.9.3";

    private readonly GenerationFiles _files = new();

    public void Dispose() => _files.Dispose();

    private GenerationReading Read(string name, byte[] file) => _files.Read(name, file);

    private GenerationFacts Facts(byte[] file, string name = "a.png") => _files.Facts(file, name);

    private static void AssertWebUi(GenerationFacts facts, string source)
    {
        Assert.Equal(source, facts.Source);
        Assert.Equal("a (red:1.2) cat, <lora:catStyle_v2:0.8>\non a mat", facts.Prompt);
        Assert.Equal(PromptMarks.WebUi, facts.Marks);
        Assert.Equal("blurry, [bad]", facts.NegativePrompt);
        Assert.Equal((3507834591, 20, 7.5), (facts.Seed, facts.Steps, facts.Guidance));
        Assert.Equal("DPM++ 2M Karras", facts.Sampler);
        Assert.Equal((512, 768), facts.Size);
        Assert.Equal("v1-5-pruned-emaonly", facts.Model);
        Assert.Equal([new("catStyle_v2", 0.8)], facts.Loras);
    }

    [Fact]
    public void The_web_uis_text_is_read_of_png_jpeg_and_webp()
    {
        AssertWebUi(Facts(TextFiles.Png(("parameters", WebUi))), "PNG text 'parameters'");
        AssertWebUi(Facts(TextFiles.International("parameters", WebUi)), "PNG text 'parameters'");
        AssertWebUi(Facts(TextFiles.Compressed("parameters", WebUi)), "PNG text 'parameters'");
        AssertWebUi(Facts(TextFiles.Jpeg(TextFiles.Comment(WebUi)), "a.jpg"), "EXIF UserComment");
        AssertWebUi(Facts(TextFiles.WebP(TextFiles.Comment(WebUi)), "a.webp"), "EXIF UserComment");
        AssertWebUi(Facts(TextFiles.Jpeg([.. "ASCII\0\0\0"u8, .. Bytes(WebUi)]), "a.jpg"), "EXIF UserComment");
    }

    [Fact]
    public void Letters_beyond_ascii_are_read_however_they_are_written()
    {
        const string text = "ein Bär im Café\nSteps: 1, Seed: 2, Size: 8x8";
        Assert.Equal("ein Bär im Café", Facts(TextFiles.Png(("parameters", text))).Prompt);
        Assert.Equal("ein Bär im Café", Facts(TextFiles.International("parameters", text)).Prompt);
        Assert.Equal(
            "ein Bär im Café",
            Facts(TextFiles.Png(("parameters", System.Text.Encoding.Latin1.GetString(Bytes(text))))).Prompt
        );
    }

    [Theory]
    [InlineData("Steps: 20, Sampler: Euler a, Seed: 1", "", null)]
    [InlineData("a cat\nNegative prompt: dogs", "a cat", "dogs")]
    [InlineData("a cat\nSteps: 20, Sampler: Euler a, Seed: 1", "a cat", null)]
    public void Parts_of_the_web_uis_text_may_lack(string text, string prompt, string? negative)
    {
        var facts = Facts(TextFiles.Png(("parameters", text)));
        Assert.Equal((prompt, negative), (facts.Prompt, facts.NegativePrompt));
    }

    [Theory]
    [InlineData(
        "invokeai_metadata",
        """
            {"app_version": "3.3.0", "generation_mode": "txt2img", "positive_prompt": "a cat",
              "negative_prompt": "blurry",
             "width": 768, "height": 432, "seed": 7, "cfg_scale": 7.5, "steps": 50, "scheduler": "dpmpp_2m_k",
             "model": {"model_name": "base", "base_model": "sd-1", "model_type": "main"},
             "loras": [{"lora": {"model_name": "style", "base_model": "sd-1"}, "weight": 0.5}]}
            """
    )]
    [InlineData(
        "invokeai_metadata",
        """
            {"app_version": "4.2.0", "positive_prompt": "a cat", "negative_prompt": "blurry", "width": 768,
              "height": 432,
             "seed": 7, "cfg_scale": 7.5, "steps": 50, "scheduler": "dpmpp_2m_k", "model": {"key": "k", "hash": "h",
               "name": "base",
             "base": "sd-1", "type": "main"}, "loras": [{"model": {"key": "l", "name": "style"}, "weight": 0.5}]}
            """
    )]
    [InlineData(
        "parameters",
        """
            {"prompt": "a cat", "negative_prompt": "blurry", "styles": "[]", "performance": "Speed", "steps": 50,
             "resolution": "(768, 432)", "guidance_scale": 7.5, "sharpness": 2.0, "base_model": "base",
               "base_model_hash": "aa",
             "sampler": "dpmpp_2m_k", "scheduler": "karras", "seed": "7", "lora_combined_1": "style : 0.5",
               "version": "Fooocus v2.5.0"}
            """
    )]
    [InlineData(
        "parameters",
        """
            {"sui_image_params": {"prompt": "a cat", "negativeprompt": "blurry", "model": "base", "seed": 7,
              "steps": 50,
             "cfgscale": 7.5, "width": 768, "height": 432, "sampler": "dpmpp_2m_k", "loras": ["style"],
               "loraweights": ["0.5"]}}
            """
    )]
    [InlineData(
        "Comment",
        """
            {"c": "a cat", "uc": "blurry", "steps": 50, "seed": 7, "scale": 7.5, "sampler": "dpmpp_2m_k",
              "model": "base",
             "size": "768x432", "lora": [{"model": "style", "weight": 0.5}]}
            """
    )]
    public void Objects_of_other_programs_are_read_by_their_keys(string key, string json)
    {
        var facts = Facts(TextFiles.Png((key, json)));
        Assert.Equal(("a cat", "blurry"), (facts.Prompt, facts.NegativePrompt));
        Assert.Equal((7m, 50, 7.5), (facts.Seed, facts.Steps, facts.Guidance));
        Assert.Equal(("dpmpp_2m_k", "base", (768, 432)), (facts.Sampler, facts.Model, facts.Size));
        Assert.Equal([new("style", 0.5)], facts.Loras);
    }

    [Fact]
    public void Novelai_writes_the_prompt_into_a_text_of_its_own()
    {
        var facts = Facts(
            TextFiles.Png(
                ("Title", "AI generated image"),
                ("Description", "a cat, {masterpiece}"),
                ("Software", "NovelAI"),
                ("Source", "Stable Diffusion 1D44365E"),
                (
                    "Comment",
                    """{"steps": 28, "sampler": "k_euler_ancestral", "seed": 5, "scale": 11.0, "uc": "lowres"}"""
                )
            )
        );
        Assert.Equal(("a cat, {masterpiece}", "lowres"), (facts.Prompt, facts.NegativePrompt));
        Assert.Equal((5m, 28, 11.0), (facts.Seed, facts.Steps, facts.Guidance));
        Assert.Equal("Stable Diffusion 1D44365E", facts.Model);
    }

    [Fact]
    public void Easy_diffusion_has_a_text_for_each_key()
    {
        var facts = Facts(
            TextFiles.Png(
                ("prompt", "a cat"),
                ("negative_prompt", "dogs"),
                ("seed", "12"),
                ("num_inference_steps", "25"),
                ("guidance_scale", "7.5"),
                ("sampler_name", "euler_a"),
                ("use_stable_diffusion_model", "sd-v1-4")
            )
        );
        Assert.Equal(("a cat", "dogs", 12m), (facts.Prompt, facts.NegativePrompt, facts.Seed));
        Assert.Equal((25, 7.5, "euler_a", "sd-v1-4"), (facts.Steps, facts.Guidance, facts.Sampler, facts.Model));
    }

    [Fact]
    public void A_file_beside_the_picture_counts_where_the_picture_is_silent()
    {
        _files.Folder.Write(
            "a.json",
            """{"meta": {"prompt": "a cat", "cfgScale": 7, "Seed": 3, "num_inference_steps": 20}}"""
        );
        var facts = Facts(TestPictures.Png());
        Assert.Equal(("file 'a.json'", "a cat", 3m, 7.0), (facts.Source, facts.Prompt, facts.Seed, facts.Guidance));

        File.Delete(_files.Folder["a.json"]);
        _files.Folder.Write("a.txt", WebUi);
        AssertWebUi(Facts(TestPictures.Png()), "file 'a.txt'");
        var reading = Read("a.png", TextFiles.Png(("parameters", "own\nSteps: 1, Seed: 2, Size: 8x8")));
        Assert.Equal("own", reading.Facts!.Prompt);

        _files.Folder.Write("a.json", "{");
        reading = Read("a.png", TestPictures.Png());
        Assert.Equal("The file 'a.json' of the picture is broken JSON, which was passed over.", reading.Notes[0]);
        AssertWebUi(reading.Facts!, "file 'a.txt'");
    }

    [Fact]
    public void Xmp_counts_last()
    {
        const string packet = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/">
            <exif:UserComment><rdf:Alt>
            <rdf:li xml:lang="x-default">{"c": "a cat", "uc": "dogs", "seed": 4}</rdf:li></rdf:Alt>
            </exif:UserComment></rdf:Description></rdf:RDF></x:xmpmeta>
            """;
        var facts = Facts(TextFiles.International("XML:com.adobe.xmp", packet));
        Assert.Equal(
            ("XMP UserComment", "a cat", "dogs", 4m),
            (facts.Source, facts.Prompt, facts.NegativePrompt, facts.Seed)
        );
        _files.Folder.Write("a.json", """{"prompt": "in a file"}""");
        var reading = Read("a.png", TextFiles.International("XML:com.adobe.xmp", packet));
        Assert.Equal("in a file", reading.Facts!.Prompt);
        Assert.Equal(
            "The picture states two prompts; that of its file 'a.json' was taken, not that of its XMP UserComment.",
            Assert.Single(reading.Notes)
        );
    }

    [Theory]
    [InlineData("prompt", "{\"3\": {\"class_type\": ")]
    [InlineData("workflow", "{]")]
    [InlineData("invokeai_metadata", "{\"positive_prompt\": \"a")]
    public void Broken_json_is_a_note(string key, string json)
    {
        var reading = Read("a.png", TextFiles.Png((key, json)));
        Assert.Null(reading.Facts?.Prompt);
        Assert.Equal(
            $"The PNG text '{key}' of the picture is broken JSON, which was passed over.",
            Assert.Single(reading.Notes)
        );
    }

    [Fact]
    public void Values_of_no_use_are_left_out_and_the_others_read()
    {
        const string text = """
            {"prompt": 3, "negative_prompt": [], "seed": "x", "steps": -1, "cfg_scale": "high", "size": "x",
              "loras": [1, null, {}], "model": {}}
            """;
        var facts = Facts(TextFiles.Png(("parameters", text), ("Comment", text), ("seed", text)));
        Assert.Equal(("3", "PNG text 'parameters'"), (facts.Prompt, facts.Source));
        Assert.Equal((null, null, null), (facts.Seed, facts.Steps, facts.Guidance));
        Assert.Equal((null, null, null), (facts.NegativePrompt, facts.Size, facts.Model));
        Assert.Empty(facts.Loras);
    }

    [Theory]
    [InlineData("{\"1\": {\"class_type\": 3}, \"nodes\": [1], \"links\": [[1], 2]}")]
    [InlineData("[1, 2]")]
    [InlineData("Steps: x")]
    [InlineData("")]
    public void Odd_texts_say_nothing(string text)
    {
        var reading = Read("a.png", TextFiles.Png(("parameters", text), ("Comment", text), ("seed", text)));
        Assert.Null(reading.Facts);
        Assert.Empty(reading.Notes);
    }

    [Fact]
    public void A_damaged_file_is_a_note()
    {
        var png = TextFiles.Png(("parameters", WebUi));
        png[35] = 0xff;
        png[33] = 0x7f;
        var reading = Read("a.png", png);
        Assert.Null(reading.Facts);
        Assert.StartsWith(
            "What 'a.png' holds beside its pixels cannot be read",
            Assert.Single(reading.Notes),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_picture_without_texts_says_nothing()
    {
        var reading = Read("a.png", TestPictures.Png());
        Assert.Null(reading.Facts);
        Assert.Empty(reading.Notes);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
