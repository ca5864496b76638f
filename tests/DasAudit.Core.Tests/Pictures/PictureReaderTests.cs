using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class PictureReaderTests
{
    public static TheoryData<string> Names =>
        [.. ReferenceFiles.Expected.GetProperty("files").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_decodes_as_Pillow_decodes_it_composited_on_white(string name)
    {
        var expected = ReferenceFiles.Picture(ReferenceFiles.Expected.GetProperty("files").GetProperty(name));

        var picture = PictureReader.Read(ReferenceFiles.PathOf(name)).Picture;

        Assert.Equal(
            (expected.Width, expected.Height, expected.Composited),
            (picture.Width, picture.Height, picture.Composited)
        );
        // Decoders of lossy formats may round the inverse transform differently.
        var tolerance = name.EndsWith(".jpg", StringComparison.Ordinal) || name == "lossy.webp" ? 2 : 0;
        var worst = expected.Rgb.Zip(picture.Rgb, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 0, tolerance);
    }

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("rgb-interlaced.png")]
    [InlineData("rgb.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("lossless.webp")]
    [InlineData("lossy.webp")]
    public void A_truncated_file_is_refused_wherever_it_ends(string name)
    {
        var bytes = File.ReadAllBytes(ReferenceFiles.PathOf(name));
        foreach (var length in (int[])[13, bytes.Length / 4, bytes.Length / 2, bytes.Length * 3 / 4, bytes.Length - 40])
        {
            var error = Assert.Throws<AuditException>(() => PictureReader.Decode(bytes[..length], "cut"));
            Assert.Contains("'cut' is a damaged", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("this is a cat, in words")]
    [InlineData("")]
    [InlineData("GIF88a______________")]
    [InlineData("BM, said the cat, and went away")]
    [InlineData("II. The second chapter")]
    public void What_is_no_picture_is_refused_by_name(string text)
    {
        var error = Assert.Throws<AuditException>(() =>
            PictureReader.Decode(System.Text.Encoding.UTF8.GetBytes(text), "cat.txt")
        );
        Assert.Equal("'cat.txt' is no PNG, JPEG, WebP, GIF, BMP or TIFF picture; give a picture file.", error.Message);
    }

    [Fact]
    public void A_missing_or_empty_file_is_refused_by_name()
    {
        using var folder = new TempFolder();
        Assert.Contains(
            "is not there",
            Assert.Throws<AuditException>(() => PictureReader.Read(folder.At("a.png"))).Message,
            StringComparison.Ordinal
        );
        folder.Write("a.png", []);
        Assert.Contains(
            "is empty",
            Assert.Throws<AuditException>(() => PictureReader.Read(folder.At("a.png"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is a folder",
            Assert.Throws<AuditException>(() => PictureReader.Read(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_size_limit_is_checked_before_decoding()
    {
        // A header that claims 60000×60000 pixels over the data of 13×9.
        var bytes = File.ReadAllBytes(ReferenceFiles.PathOf("rgb.png"));
        new byte[] { 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60 }.CopyTo(bytes, 16);
        BitConverter
            .GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Crc32(bytes.AsSpan(12, 17))))
            .CopyTo(bytes, 29);
        var error = Assert.Throws<AuditException>(() => PictureReader.Decode(bytes, "huge.png"));
        Assert.Contains("60000×60000", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            13 * 9,
            PictureReader.Decode(File.ReadAllBytes(ReferenceFiles.PathOf("rgb.png")), "", 13 * 9).Rgb.Length / 3
        );
        Assert.Throws<AuditException>(() =>
            PictureReader.Decode(File.ReadAllBytes(ReferenceFiles.PathOf("rgb.png")), "", 13 * 9 - 1)
        );
    }

    [Fact]
    public void Junk_after_a_signature_is_refused_and_never_fatal()
    {
        var random = new Random(1);
        byte[][] signatures =
        [
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
            [0xff, 0xd8, 0xff],
            [.. "RIFF\u0010\0\0\0WEBP"u8],
            [.. "GIF89a"u8],
            [.. "BM\u0010\u0001\0\0\0\0\0\0\u001a\0\0\0\u0028\0\0\0"u8],
            [.. "II*\0\u0008\0\0\0"u8],
            [.. "MM\0*\0\0\0\u0008"u8],
            [.. "II+\0\u0008\0\0\0"u8],
        ];
        foreach (var signature in signatures)
        {
            for (var i = 0; i < 50; i++)
            {
                var junk = new byte[random.Next(200)];
                random.NextBytes(junk);
                Assert.Throws<AuditException>(() => PictureReader.Decode([.. signature, .. junk], "junk"));
            }
        }
    }

    [Fact]
    public void Flipped_bytes_give_a_picture_or_a_refusal_and_nothing_else()
    {
        var random = new Random(2);
        foreach (var name in (string[])["rgba.png", "rgb.jpg", "lossy.webp", "cmyk.jpg", "palette-alpha.png"])
        {
            var bytes = File.ReadAllBytes(ReferenceFiles.PathOf(name));
            for (var i = 0; i < 200; i++)
            {
                var hurt = bytes.ToArray();
                hurt[random.Next(hurt.Length)] ^= (byte)random.Next(1, 256);
                try
                {
                    var picture = PictureReader.Decode(hurt, name);
                    Assert.Equal(picture.Width * picture.Height * 3, picture.Rgb.Length);
                }
                catch (AuditException) { }
            }
        }
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
        }

        return ~crc;
    }
}
