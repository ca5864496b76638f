using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip.Tests;

public sealed class OnnxImageEncoderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private OnnxImageEncoder Open(string model, string? preprocessing = Models.NoPreprocessing)
    {
        File.Copy(Models.PathOf(model), _folder["model.onnx"]);
        if (preprocessing is not null)
            _folder.Write("preprocessor_config.json", preprocessing);
        return OnnxImageEncoder.Open(_folder.Path, threads: 2);
    }

    private string Refusal(string model, string? preprocessing = Models.NoPreprocessing) =>
        Assert.Throws<AuditException>(() => Open(model, preprocessing).Dispose()).Message;

    private static IReadOnlyList<float[]> Encode(OnnxImageEncoder encoder, params Picture[] pictures) =>
        encoder.Encode(pictures, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("dynamic", 1e-3)]
    [InlineData("fixed-size", 1e-3)]
    [InlineData("fixed-batch", 1e-3)]
    [InlineData("pooler", 1e-3)]
    [InlineData("unnamed", 1e-3)]
    [InlineData("hidden", 1e-3)]
    [InlineData("both-towers", 1e-3)]
    [InlineData("quantised", 2)]
    [InlineData("half", 1)]
    public void Exports_of_many_kinds_give_their_embeddings_in_order(string model, double tolerance)
    {
        using var encoder = Open(model);
        Assert.Equal(4, encoder.Dimension);
        Picture[] pictures = [.. Enumerable.Range(0, 7).Select(i => Models.Pattern(i))];
        var rows = Encode(encoder, pictures);
        Assert.Equal(7, rows.Count);
        for (var i = 0; i < 7; i++)
            Models.AssertClose(Models.Embedding(Models.Means(pictures[i])), rows[i], tolerance);
        Assert.Empty(Encode(encoder));
    }

    [Theory]
    [InlineData("dynamic")]
    [InlineData("fixed-batch")]
    [InlineData("quantised")]
    [InlineData("half")]
    public void The_embedding_does_not_depend_on_the_batch(string model)
    {
        using var encoder = Open(model);
        var faint = new Picture(8, 8, [.. Models.Pattern(1).Rgb.Select(v => (byte)(v / 50))]);
        var bright = new Picture(8, 8, [.. Enumerable.Repeat((byte)255, 192)]);
        var alone = Encode(encoder, faint)[0];
        Assert.Equal(alone, Encode(encoder, faint, bright, bright)[0]);
        Assert.Equal(alone, Encode(encoder, bright, bright, bright, bright, faint)[4]);
    }

    [Fact]
    public void Without_a_file_the_caller_says_how_pictures_are_prepared()
    {
        Assert.Contains(
            "No file beside the encoder",
            Refusal("fixed-size", preprocessing: null),
            StringComparison.Ordinal
        );
        using var encoder = OnnxImageEncoder.Open(_folder.Path, threads: 2, new("clip", "--preprocess clip"));
        Assert.Equal("--preprocess clip", encoder.PreprocessingSource);
        Assert.StartsWith(
            "resize shortest edge to 8, bicubic; centre crop 8×8;",
            encoder.Preprocessing,
            StringComparison.Ordinal
        );
        Assert.Empty(encoder.Assumptions);
        var picture = Models.Pattern(3, 20, 16);
        var preprocessor = new ImagePreprocessor(PreprocessorSettings.Clip(8));
        var values = preprocessor.Normalise(preprocessor.Crop(picture));
        double[] means = [.. Enumerable.Range(0, 3).Select(c => values.Skip(c * 64).Take(64).Average(v => (double)v))];
        Models.AssertClose(Models.Embedding(means), Encode(encoder, picture)[0], 1e-5);
    }

    [Fact]
    public void What_the_caller_says_comes_before_the_file()
    {
        File.Copy(Models.PathOf("dynamic"), _folder["model.onnx"]);
        _folder.Write("preprocessor_config.json", """{"image_processor_type": "CLIPImageProcessor"}""");
        var other = _folder.Write("other.json", Models.NoPreprocessing);
        using var encoder = OnnxImageEncoder.Open(_folder.Path, threads: 1, new(other, "other.json"));
        var picture = Models.Pattern(1);
        Models.AssertClose(Models.Embedding(Models.Means(picture)), Encode(encoder, picture)[0], 1e-3);
    }

    [Theory]
    [InlineData("bytes", 1e-3)]
    [InlineData("bytes-last", 1e-3)]
    [InlineData("floats-last", 1e-3)]
    [InlineData("half-last", 1)]
    public void Bytes_and_channels_last_are_taken(string model, double tolerance)
    {
        using var encoder = Open(model);
        Picture[] pictures = [Models.Pattern(1), Models.Pattern(2), Models.Pattern(3)];
        var rows = Encode(encoder, pictures);
        for (var i = 0; i < pictures.Length; i++)
            Models.AssertClose(Models.Embedding(Models.Means(pictures[i])), rows[i], tolerance);
        Assert.Empty(encoder.Assumptions);
    }

    [Fact]
    public void Before_an_encoder_of_bytes_pictures_are_cropped_and_not_normalised_and_that_is_said()
    {
        File.Copy(Models.PathOf("bytes"), _folder["mobileclip_s2_image.onnx"]);
        using var encoder = OnnxImageEncoder.Open(_folder.Path, threads: 1, new("clip", "--preprocess clip"));
        Assert.Equal("resize shortest edge to 8, bicubic; centre crop 8×8", encoder.Preprocessing);
        Assert.Contains("The encoder takes bytes", Assert.Single(encoder.Assumptions), StringComparison.Ordinal);
        var picture = Models.Pattern(1, 12, 9);
        var cropped = new ImagePreprocessor(PreprocessorSettings.Clip(8)).Crop(picture);
        Models.AssertClose(Models.Embedding(Models.Means(cropped)), Encode(encoder, picture)[0], 1e-3);
    }

    [Fact]
    public void Weights_beside_the_model_are_read_and_described()
    {
        _folder.Write("weights.bin", Models.WeightBytes());
        using var encoder = Open("external");
        var picture = Models.Pattern(1);
        Models.AssertClose(Models.Embedding(Models.Means(picture)), Encode(encoder, picture)[0], 1e-3);
        Assert.Equal(
            new EncoderDescription(
                _folder["model.onnx"],
                encoder.Description.Weights,
                "pixel_values Float [batch, 3, height, width]",
                "image_embeds Float [batch, 4]",
                4,
                "centre crop 8×8",
                "preprocessor_config.json"
            ),
            encoder.Description
        );
        Assert.Equal([_folder["weights.bin"]], encoder.Description.Weights);
    }

    [Theory]
    [InlineData("external", "weights.bin")]
    [InlineData("external-usual", "model.onnx_data")]
    public void A_snapshot_of_the_hub_works_though_everything_is_a_link(string model, string weights)
    {
        var snapshot = "models--a--b/snapshots/0123/";
        void Link(string blob, string name, byte[] bytes)
        {
            _folder.Write("models--a--b/blobs/" + blob, bytes);
            var depth = name.Contains('/', StringComparison.Ordinal) ? "../../../blobs/" : "../../blobs/";
            File.CreateSymbolicLink(_folder.At(snapshot + name), depth + blob);
        }

        Link("11", "onnx/model.onnx", File.ReadAllBytes(Models.PathOf(model)));
        Link("22", "onnx/" + weights, Models.WeightBytes());
        Link("33", "preprocessor_config.json", System.Text.Encoding.UTF8.GetBytes(Models.NoPreprocessing));
        string[] paths = [snapshot, snapshot + "onnx", snapshot + "onnx/model.onnx"];
        var picture = Models.Pattern(1);
        var hashes = new List<string>();
        foreach (var path in paths)
        {
            using var encoder = OnnxImageEncoder.Open(_folder[path], threads: 1);
            Assert.Equal("a/b", encoder.Name);
            Models.AssertClose(Models.Embedding(Models.Means(picture)), Encode(encoder, picture)[0], 1e-3);
            hashes.Add(encoder.Sha256);
        }

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void Weights_that_are_a_link_to_another_folder_are_refused_with_the_cause()
    {
        var weights = _folder.Write("elsewhere/weights.bin", Models.WeightBytes());
        _folder.Write("encoder/model.onnx", File.ReadAllBytes(Models.PathOf("external")));
        File.CreateSymbolicLink(_folder["encoder/weights.bin"], weights);
        var error = Assert.Throws<AuditException>(() => OnnxImageEncoder.Open(_folder["encoder"]).Dispose());
        Assert.Contains("are a link to a folder that does not hold the model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_keep_their_own_sizes_are_run_one_by_one()
    {
        using var encoder = Open(
            "dynamic",
            """{"do_resize": false, "do_center_crop": false, "do_rescale": false, "do_normalize": false}"""
        );
        Picture[] pictures = [Models.Pattern(1, 5, 9), Models.Pattern(2, 30, 2)];
        var rows = Encode(encoder, pictures);
        for (var i = 0; i < 2; i++)
            Models.AssertClose(Models.Embedding(Models.Means(pictures[i])), rows[i], 1e-3);
    }

    [Fact]
    public void The_hash_covers_model_settings_output_and_external_weights()
    {
        string Sha(string model, string? preprocessing)
        {
            File.Delete(_folder.At("model.onnx"));
            File.Delete(_folder.At("preprocessor_config.json"));
            using var encoder = Open(model, preprocessing);
            return encoder.Sha256;
        }

        var first = Sha("dynamic", Models.NoPreprocessing);
        Assert.Matches("^[0-9a-f]{64}$", first);
        Assert.Equal(first, Sha("dynamic", Models.NoPreprocessing + "   "));
        Assert.NotEqual(first, Sha("unnamed", Models.NoPreprocessing));
        Assert.NotEqual(first, Sha("dynamic", Models.NoPreprocessing.Replace("8", "9", StringComparison.Ordinal)));
        _folder.Write("weights.bin", Models.WeightBytes());
        var external = Sha("external", Models.NoPreprocessing);
        _folder.Write("weights.bin", Models.WeightBytes(scale: 2));
        Assert.NotEqual(external, Sha("external", Models.NoPreprocessing));
    }

    /// <summary>Embeddings are kept under the hash, so that it must not move without a reason.</summary>
    [Fact]
    public void The_hash_of_an_encoder_of_earlier_versions_is_still_the_same()
    {
        using var encoder = OnnxImageEncoder.Open(Path.Combine(AppContext.BaseDirectory, "Goldens"));
        Assert.Equal("a848f881643fb2b3a58a4d59f7cb7f8b84e209104eab77fd634685702170dfe4", encoder.Sha256);
    }

    [Theory]
    [InlineData("classifier", "logits Float [batch, 4]")]
    [InlineData("feature-map", "features Float [batch, 3, height, width]")]
    [InlineData("integers", "image_embeds Int64 [batch, 4]")]
    [InlineData("too-many-rows", "image_embeds came out as [2, 2] for 1 pictures")]
    [InlineData("not-a-number", "values that are not finite")]
    public void An_output_that_is_no_embedding_is_refused_with_the_outputs_there_are(string model, string expected)
    {
        var message = Refusal(model);
        Assert.Contains("gives no embedding", message, StringComparison.Ordinal);
        Assert.Contains("its outputs are", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_whose_length_depends_on_the_picture_is_refused()
    {
        using var encoder = Open("grows-with-picture", """{"do_resize": false, "do_center_crop": false}""");
        var error = Assert.Throws<AuditException>(() => Encode(encoder, Models.Pattern(1, 10, 10)));
        Assert.Contains(
            "gives no embedding (image_embeds came out as [1, 300] for 1 pictures)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("text-only", "has no single image input")]
    [InlineData("text-only", "is an encoder of texts")]
    [InlineData("compares-texts", "gives no embedding (it only compares pictures with texts)")]
    [InlineData("channels-last", "takes pictures of 224×224 but its preprocessing")]
    [InlineData("needs-more", "needs the input 'temperature'")]
    [InlineData("fails", "fails on a picture of 8×8")]
    public void A_model_that_takes_something_else_is_refused(string model, string expected) =>
        Assert.Contains(expected, Refusal(model), StringComparison.Ordinal);

    [Fact]
    public void A_configuration_of_another_size_than_the_models_is_refused()
    {
        var message = Refusal("fixed-size", Models.NoPreprocessing.Replace("8", "9", StringComparison.Ordinal));
        Assert.Contains(
            "takes pictures of 8×8 but its preprocessing (preprocessor_config.json) makes them 9×9",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_is_no_onnx_model_is_refused_and_nothing_crashes()
    {
        var whole = File.ReadAllBytes(Models.PathOf("hidden"));
        var random = new Random(1);
        var noise = new byte[500];
        random.NextBytes(noise);
        byte[][] refused =
        [
            [],
            [.. "this is a cat, in words"u8],
            noise,
            whole[..100],
            whole[..^1],
        ];
        foreach (var bytes in refused)
        {
            var path = _folder.Write("junk.onnx", bytes);
            var error = Assert.Throws<AuditException>(() => OnnxImageEncoder.Open(path).Dispose());
            Assert.Contains("is no ONNX model that can be run", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("external")]
    [InlineData("external-everywhere")]
    [InlineData("both-towers")]
    [InlineData("bytes-last")]
    [InlineData("quantised")]
    public void A_damaged_model_never_crashes(string model)
    {
        var whole = File.ReadAllBytes(Models.PathOf(model));
        _folder.Write("weights.bin", Models.WeightBytes());
        _folder.Write("preprocessor_config.json", Models.NoPreprocessing);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var hurt = whole.ToArray();
            hurt[random.Next(hurt.Length)] ^= (byte)random.Next(1, 256);
            var path = _folder.Write("hurt.onnx", hurt);
            try
            {
                OnnxImageEncoder.Open(path).Dispose();
            }
            catch (AuditException) { }
        }
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using var encoder = Open("dynamic");
        Assert.ThrowsAny<OperationCanceledException>(() =>
            encoder.Encode([Models.Pattern(1)], new CancellationToken(canceled: true))
        );
    }
}
