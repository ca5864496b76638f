using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

/// <summary>GIF, BMP and TIFF, and backgrounds, against Pillow; see <c>Files/make_formats.py</c>.</summary>
public sealed class FormatTests
{
    private static readonly JsonElement Expected = JsonDocument
        .Parse(File.ReadAllBytes(ReferenceFiles.PathOf("formats.json")))
        .RootElement;

    public static TheoryData<string> Names => [.. Expected.EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Transparent =>
        [.. Expected.EnumerateObject().Where(p => p.Value.GetProperty("composited").GetBoolean()).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_decodes_as_Pillow_decodes_it_composited_on_white(string name)
    {
        var expected = ReferenceFiles.Picture(Expected.GetProperty(name));

        var picture = PictureReader.Read(ReferenceFiles.PathOf(name)).Picture;

        Assert.Equal(
            (expected.Width, expected.Height, expected.Composited),
            (picture.Width, picture.Height, picture.Composited)
        );
        // Decoders of JPEG may round the inverse transform differently.
        var tolerance = name.StartsWith("jpeg", StringComparison.Ordinal) ? 2 : 0;
        var worst = expected.Rgb.Zip(picture.Rgb, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 0, tolerance);
    }

    [Theory]
    [MemberData(nameof(Transparent))]
    public void Black_and_dropped_alpha_are_as_Pillow_has_them(string name)
    {
        Assert.Equal(Hash("black"), Read(PictureBackground.Black));
        Assert.Equal(Hash("drop"), Read(PictureBackground.Drop));

        string Hash(string what) => Expected.GetProperty(name).GetProperty(what).GetString()!;

        string Read(PictureBackground background)
        {
            var picture = PictureReader.Read(ReferenceFiles.PathOf(name), background: background).Picture;
            return Convert.ToHexStringLower(SHA256.HashData(picture.Rgb));
        }
    }

    [Theory]
    [InlineData("palette.gif")]
    [InlineData("interlaced.gif")]
    [InlineData("animated.gif")]
    [InlineData("rgb.bmp")]
    [InlineData("palette.bmp")]
    [InlineData("rgb.tif")]
    [InlineData("rgb-lzw.tif")]
    [InlineData("rgb-deflate.tif")]
    [InlineData("rgb-packbits.tif")]
    [InlineData("rgb-strips.tif")]
    [InlineData("rgb-tiles.tif")]
    [InlineData("jpeg.tif")]
    [InlineData("jpeg-ycbcr.tif")]
    [InlineData("line-g3.tif")]
    [InlineData("line-g4.tif")]
    [InlineData("rgb16.tif")]
    [InlineData("cmyk.tif")]
    [InlineData("rgb-big.tif")]
    public void A_truncated_file_is_refused_or_whole(string name)
    {
        var bytes = File.ReadAllBytes(ReferenceFiles.PathOf(name));
        var whole = PictureReader.Decode(bytes, name).Rgb;
        var refused = 0;
        for (var length = 18; length < bytes.Length - 1; length += Math.Max(1, bytes.Length / 97))
        {
            try
            {
                // What is missing may be the next page or frame, or the words at the end.
                Assert.Equal(whole, PictureReader.Decode(bytes[..length], "cut").Rgb);
            }
            catch (AuditException e)
            {
                refused++;
                Assert.Contains("'cut' is a damaged", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 10, int.MaxValue);
    }

    // The tag of the samples a pixel; its count stands behind the tag and the type.
    [Theory]
    [InlineData("jpeg-ycbcr.tif", new byte[] { 0x15, 0x01, 0x03, 0x00 }, 4)]
    [InlineData("rgb-big-endian.tif", new byte[] { 0x01, 0x15, 0x00, 0x03 }, 4)]
    [InlineData("rgb-big.tif", new byte[] { 0x15, 0x01, 0x03, 0x00 }, 8)]
    public void A_TIFF_with_more_values_than_bytes_is_refused_before_there_is_memory_for_them(
        string name,
        byte[] tag,
        int length
    )
    {
        var bytes = File.ReadAllBytes(ReferenceFiles.PathOf(name));
        var count = bytes.AsSpan().IndexOf(tag) + tag.Length;
        bytes.AsSpan(count, length).Fill(0x7f);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<AuditException>(() => PictureReader.Decode(bytes, "many.tif"));

        Assert.Contains("'many.tif' is a damaged TIFF", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Flipped_bytes_give_a_picture_or_a_refusal_and_print_nothing()
    {
        var random = new Random(5);
        var (output, error) = (Console.Out, Console.Error);
        using var printed = new StringWriter();
        Console.SetOut(printed);
        Console.SetError(printed);
        try
        {
            foreach (var name in Expected.EnumerateObject().Select(p => p.Name))
            {
                var bytes = File.ReadAllBytes(ReferenceFiles.PathOf(name));
                for (var i = 0; i < 60; i++)
                {
                    var hurt = bytes.ToArray();
                    hurt[random.Next(hurt.Length)] ^= (byte)random.Next(1, 256);
                    try
                    {
                        var picture = PictureReader.Decode(hurt, name, 1_000_000);
                        Assert.Equal(picture.Width * picture.Height * 3, picture.Rgb.Length);
                    }
                    catch (AuditException) { }
                }
            }
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        Assert.Equal("", printed.ToString());
    }

    [Theory]
    [InlineData("palette.gif")]
    [InlineData("rgb.bmp")]
    [InlineData("rgb-lzw.tif")]
    public void The_size_limit_holds(string name)
    {
        var bytes = File.ReadAllBytes(ReferenceFiles.PathOf(name));
        Assert.Equal(21 * 18, PictureReader.Decode(bytes, name, 21 * 18).Rgb.Length / 3);
        var error = Assert.Throws<AuditException>(() => PictureReader.Decode(bytes, name, 21 * 18 - 1));
        Assert.Contains("measures 21×18, more than the limit", error.Message, StringComparison.Ordinal);
    }
}
