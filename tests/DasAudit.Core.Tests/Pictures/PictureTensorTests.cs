using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class PictureTensorTests
{
    [Fact]
    public void Every_level_maps_into_minus_one_to_one_and_back()
    {
        var picture = new Picture(
            16,
            16,
            [.. Enumerable.Range(0, 256).SelectMany(i => (byte[])[(byte)i, (byte)(255 - i), (byte)(i * 7)])]
        );
        var shape = new ImageShape(3, 16, 16);
        var values = PictureTensor.ToValues(picture, shape);
        Assert.Equal((-1f, 1f, 1f, -1f), (values[0], values[255], values[256], values[511]));
        Assert.Equal((100 / 255f - 0.5f) / 0.5f, values[100]);
        Assert.Equal(picture.Rgb, PictureTensor.ToPicture(values, shape).Rgb);
    }

    [Fact]
    public void Values_outside_are_clamped_and_no_number_is_black()
    {
        var picture = PictureTensor.ToPicture([-3, 3, float.NaN, float.PositiveInfinity], new ImageShape(1, 2, 2));
        Assert.Equal([0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255], picture.Rgb);
    }

    [Fact]
    public void Grey_is_Pillows()
    {
        Assert.Equal(
            ReferenceFiles.Expected.GetProperty("grey").GetBytesFromBase64(),
            PictureTensor.Grey(ReferenceFiles.Source)
        );
        var level = new Picture(1, 1, [77, 77, 77]);
        Assert.Equal((77 / 255f - 0.5f) / 0.5f, PictureTensor.ToValues(level, new ImageShape(1, 1, 1))[0]);
    }

    [Theory]
    [InlineData(3, 32, 32, 43, 32, 6, 0)] // int(32·23/17) = 43 columns, crop from round(5.5) = 6
    [InlineData(1, 8, 8, 10, 8, 1, 0)]
    [InlineData(3, 40, 20, 54, 40, 17, 0)]
    [InlineData(3, 10, 40, 40, 29, 0, 10)] // round(9.5) = 10
    [InlineData(3, 17, 23, 23, 17, 0, 0)]
    public void Another_size_is_resized_to_cover_and_cropped_at_the_centre(
        int channels,
        int height,
        int width,
        int wholeWidth,
        int wholeHeight,
        int left,
        int top
    )
    {
        var source = ReferenceFiles.Source;
        var pixels = channels == 1 ? Pixels.GreyOf(source) : Pixels.Of(source);
        var whole = Resampler.Resize(pixels, wholeWidth, wholeHeight, ResampleFilter.Bilinear);
        var values = PictureTensor.ToValues(source, new ImageShape(channels, height, width));
        for (var c = 0; c < channels; c++)
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            Assert.Equal(
                (whole[((y + top) * wholeWidth + x + left) * channels + c] / 255f - 0.5f) / 0.5f,
                values[(c * height + y) * width + x]
            );
    }

    [Fact]
    public void A_very_long_picture_is_no_problem_of_memory()
    {
        var line = new Picture(3_000_000, 1, new byte[9_000_000]);
        Assert.All(PictureTensor.ToValues(line, new ImageShape(3, 64, 64)), v => Assert.Equal(-1, v));
    }

    [Fact]
    public void Other_numbers_of_channels_are_refused() =>
        Assert.Throws<AuditException>(() => PictureTensor.ToValues(TestPictures.Pattern(), new ImageShape(4, 8, 8)));
}
