using System.Buffers.Binary;
using System.Text;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class PngTextTests
{
    // The checksums were computed by Python's zlib.crc32 over type and data.
    [Theory]
    [InlineData("a cat\nSteps: 4", "tEXt", 3396971097u)]
    [InlineData("café", "tEXt", 690265225u)]
    [InlineData("猫", "iTXt", 3242049498u)]
    public void The_text_stands_behind_the_header_and_the_picture_is_the_same(string text, string type, uint checksum)
    {
        using var folder = new TempFolder();
        var picture = TestPictures.Pattern(3, 31, 7);
        var plain = PictureWriter.Png(picture);

        PictureWriter.WritePng(picture, folder["a.png"], text);

        var bytes = File.ReadAllBytes(folder["a.png"]);
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(33));
        var data = bytes.AsSpan(41, length).ToArray();
        Assert.Equal(type, Encoding.ASCII.GetString(bytes, 37, 4));
        Assert.Equal(
            type == "tEXt"
                ? [.. "parameters\0"u8, .. Encoding.Latin1.GetBytes(text)]
                : (byte[])[.. "parameters\0\0\0\0\0"u8, .. Encoding.UTF8.GetBytes(text)],
            data
        );
        Assert.Equal(checksum, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(41 + length)));
        Assert.Equal(plain, (byte[])[.. bytes[..33], .. bytes[(33 + 12 + length)..]]);
        Assert.Equal(PixelHash.Compute(picture), PixelHash.Compute(PictureReader.Read(folder["a.png"]).Picture));
    }
}
