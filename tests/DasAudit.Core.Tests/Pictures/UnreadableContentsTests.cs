using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class UnreadableContentsTests
{
    private static string Refusal(string name, byte[] bytes) =>
        Assert.Throws<AuditException>(() => PictureReader.Decode(bytes, name)).Message;

    [Fact]
    public void A_Git_LFS_pointer_is_called_by_its_name()
    {
        var pointer =
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b"
            + "1258daaa5e2ca24d17e2393\nsize 12345\n";
        Assert.Equal(
            "'a.png' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository.",
            Refusal("a.png", Encoding.ASCII.GetBytes(pointer))
        );
    }

    [Theory]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0avifmif1", "AVIF")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "HEIC")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0mif1heic", "HEIC")]
    [InlineData("\0\0\0\u000cJXL \r\n\u0087\n", "JPEG XL")]
    [InlineData("\u00ff\n\u00fa\u00ff", "JPEG XL")]
    [InlineData("\0\0\0\u000cjP  \r\n\u0087\n", "JPEG 2000")]
    [InlineData("\0\0\u0001\0\u0001\0\u0010\u0010", "ICO")]
    [InlineData("8BPS\0\u0001\0\0", "PSD")]
    public void Formats_that_are_not_read_are_named_whatever_the_file_is_called(string start, string format) =>
        Assert.Equal(
            $"'a.jpg' is a {format} picture, which is not read; convert it to PNG.",
            Refusal("a.jpg", [.. Encoding.Latin1.GetBytes(start), .. new byte[16]])
        );

    [Fact]
    public void A_TGA_file_is_known_by_its_name_alone()
    {
        byte[] tga = [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 24, 0, 1, 2, 3];
        Assert.Contains("is a TGA picture", Refusal("a.TGA", tga), StringComparison.Ordinal);
        Assert.DoesNotContain("TGA", Refusal("a.png", tga), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>404</body></html>", "HTML, perhaps an error page")]
    [InlineData("\r\n  <HTML>", "HTML, perhaps an error page")]
    [InlineData("{\"error\": \"not found\"}", "JSON, perhaps an error")]
    [InlineData("<?xml version='1.0'?><Error/>", "XML, perhaps an error")]
    [InlineData("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing")]
    public void Text_under_a_picture_s_name_is_described(string text, string says) =>
        Assert.StartsWith(
            $"'a.png' is no PNG, JPEG, WebP, GIF, BMP or TIFF picture: it begins like {says}",
            Refusal("a.png", Encoding.UTF8.GetBytes(text)),
            StringComparison.Ordinal
        );
}
