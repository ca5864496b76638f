using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class PictureWriterTests
{
    [Fact]
    public void A_written_picture_reads_back_the_same_and_leaves_nothing_beside()
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.png", "an older file");
        PictureWriter.WritePng(TestPictures.Pattern(3, 31, 7), path);
        var read = PictureReader.Read(path);
        Assert.Equal((31, 7, false), (read.Picture.Width, read.Picture.Height, read.Picture.Composited));
        Assert.Equal(TestPictures.Pattern(3, 31, 7).Rgb, read.Picture.Rgb);
        Assert.Equal(["a.png"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
        Assert.Equal(PictureWriter.Png(TestPictures.Pattern(3, 31, 7)), File.ReadAllBytes(path));
    }

    [Fact]
    public void A_failed_write_leaves_nothing()
    {
        using var folder = new TempFolder();
        folder.Write("a.png/file", "in the way");
        Assert.ThrowsAny<Exception>(() =>
            PictureWriter.WritePng(TestPictures.Pattern(), Path.Combine(folder.Path, "a.png"))
        );
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void The_thumbnail_of_a_tiny_picture_has_crisp_squares()
    {
        var thumbnail = PictureReader.Decode(ThumbnailMaker.Make(TestPictures.Pattern(1, 32, 20)), "thumbnail");
        Assert.Equal((96, 60), (thumbnail.Width, thumbnail.Height));
        for (var y = 0; y < 60; y++)
        for (var x = 0; x < 96; x++)
            Assert.Equal(
                TestPictures.Pattern(1, 32, 20).Rgb.AsSpan((y / 3 * 32 + x / 3) * 3, 3).ToArray(),
                thumbnail.Rgb.AsSpan((y * 96 + x) * 3, 3).ToArray()
            );
    }

    [Theory]
    [InlineData(300, 200, 96, 64)]
    [InlineData(200, 300, 64, 96)]
    [InlineData(1000, 2, 96, 1)]
    [InlineData(96, 96, 96, 96)]
    [InlineData(60, 40, 60, 40)]
    public void The_longest_side_of_a_thumbnail_fits(int width, int height, int newWidth, int newHeight)
    {
        var thumbnail = PictureReader.Decode(ThumbnailMaker.Make(TestPictures.Pattern(1, width, height)), "thumbnail");
        Assert.Equal((newWidth, newHeight), (thumbnail.Width, thumbnail.Height));
    }
}
