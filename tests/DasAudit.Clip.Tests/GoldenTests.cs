using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Core.Pictures;
using SkiaSharp;

namespace DasAudit.Clip.Tests;

/// <summary>Against transformers 4.27.1, Pillow 9.4.0 and PyTorch 1.13.1; see <c>Goldens/extract.py</c>.</summary>
public sealed class GoldenTests
{
    private static readonly JsonElement[] Goldens =
    [
        .. JsonDocument.Parse(File.ReadAllBytes(PathOf("golden.json"))).RootElement.EnumerateArray(),
    ];

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", name);

    /// <summary>As CLIPImageProcessor reads it: transparency is dropped, not composited.</summary>
    private static Picture WithoutAlpha(string name)
    {
        using var codec = SKCodec.Create(PathOf(name));
        using var bitmap = new SKBitmap(
            new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul)
        );
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(bitmap.Info, bitmap.GetPixels()));
        return new Picture(bitmap.Width, bitmap.Height, [.. bitmap.Bytes.Where((_, i) => i % 4 < 3)]);
    }

    private static float[] Floats(JsonElement e, string name) =>
        [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Preprocessing_gives_the_references_own_bytes_and_values(int image)
    {
        var golden = Goldens[image];
        var preprocessor = new ImagePreprocessor(
            PreprocessingFiles.Read(PathOf("preprocessor_config.json"), "").Settings
        );

        var cropped = preprocessor.Crop(WithoutAlpha(golden.GetProperty("image").GetString()!));

        Assert.Equal(
            golden.GetProperty("cropSha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(cropped.Rgb))
        );
        var values = preprocessor.Normalise(cropped);
        var expected = Floats(golden, "pixelValuesMean");
        for (var c = 0; c < 3; c++)
            Assert.Equal(expected[c], values.Skip(c * 224 * 224).Take(224 * 224).Average(), 1e-5);
        if (golden.GetProperty("pixelValuesSha256").GetString() is { } sha)
            Assert.Equal(sha, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()))));
    }

    [Fact]
    public void Embeddings_are_the_references()
    {
        using var encoder = OnnxImageEncoder.Open(PathOf("vision_model.onnx"));
        Assert.Equal(16, encoder.Dimension);
        var rows = encoder.Encode(
            [.. Goldens.Select(g => WithoutAlpha(g.GetProperty("image").GetString()!))],
            TestContext.Current.CancellationToken
        );
        for (var i = 0; i < Goldens.Length; i++)
            Models.AssertClose(Floats(Goldens[i], "imageEmbeds"), rows[i], 1e-4);
    }

    [Fact]
    public void Neither_the_batch_nor_the_threads_change_a_single_bit()
    {
        Picture[] pictures = [.. Goldens.Select(g => WithoutAlpha(g.GetProperty("image").GetString()!))];
        using var one = OnnxImageEncoder.Open(PathOf("vision_model.onnx"), threads: 1);
        using var four = OnnxImageEncoder.Open(PathOf("vision_model.onnx"), threads: 4);
        var rows = four.Encode([.. pictures, .. pictures, pictures[0]], TestContext.Current.CancellationToken);
        for (var i = 0; i < rows.Count; i++)
            Assert.Equal(one.Encode([pictures[i % 4]], TestContext.Current.CancellationToken)[0], rows[i]);
    }
}
