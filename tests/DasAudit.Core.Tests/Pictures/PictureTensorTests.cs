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
    public void Squashed_is_resized_whatever_the_proportions()
    {
        var shape = new ImageShape(3, 9, 20);
        var whole = Resampler.Resize(Pixels.Of(ReferenceFiles.Source), 20, 9, ResampleFilter.Bilinear);
        var values = PictureTensor.ToValues(ReferenceFiles.Source, shape, ResizeMode.Squash);
        Assert.Equal(whole, PictureTensor.ToPicture(values, shape).Rgb);
    }

    [Theory]
    [InlineData(20, 20, 20, 14, 0, 3)] // 23×17 becomes 20 × int(17·20/23) = 20×14
    [InlineData(60, 20, 27, 20, 16, 0)]
    public void Padded_is_resized_to_fit_with_black_around_it(
        int width,
        int height,
        int innerWidth,
        int innerHeight,
        int left,
        int top
    )
    {
        var shape = new ImageShape(3, height, width);
        var inner = Resampler.Resize(
            Pixels.Of(ReferenceFiles.Source),
            innerWidth,
            innerHeight,
            ResampleFilter.Bilinear
        );
        var rgb = PictureTensor
            .ToPicture(PictureTensor.ToValues(ReferenceFiles.Source, shape, ResizeMode.Pad), shape)
            .Rgb;
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (column, row) = (x - left, y - top);
            var isInside = column >= 0 && column < innerWidth && row >= 0 && row < innerHeight;
            var expected = isInside ? inner[(row * innerWidth + column) * 3] : (byte)0;
            Assert.Equal(expected, rgb[(y * width + x) * 3]);
        }
    }

    [Theory]
    [InlineData(23, 17, 32, 32, ResizeMode.Crop, 0, 6)]
    [InlineData(23, 17, 40, 10, ResizeMode.Crop, 10, 0)]
    [InlineData(23, 17, 32, 32, ResizeMode.Squash, 0, 0)]
    [InlineData(23, 17, 32, 32, ResizeMode.Pad, 0, 0)]
    public void Framing_is_the_original_and_the_corner_of_the_crop(
        int width,
        int height,
        int shapeWidth,
        int shapeHeight,
        ResizeMode mode,
        int top,
        int left
    ) =>
        Assert.Equal(
            new PictureFraming(height, width, top, left),
            PictureTensor.FramingOf(width, height, new ImageShape(3, shapeHeight, shapeWidth), mode)
        );

    [Fact]
    public void A_picture_of_the_models_size_has_no_framing() =>
        Assert.Null(PictureTensor.FramingOf(8, 9, new ImageShape(3, 9, 8), ResizeMode.Crop));

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
