using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip.Tests;

public sealed class ImagePreprocessorTests
{
    private static PreprocessorSettings Settings => new() { Resize = null, Crop = null };

    private static Picture Resized(Picture p, int width, int height, ResampleFilter filter) =>
        new(width, height, Resampler.Resize(Pixels.Of(p), width, height, filter));

    /// <summary>transformers' center_crop, written out: pads with black to at least the crop, then cuts.</summary>
    private static Picture CenterCrop(Picture p, int height, int width)
    {
        var (paddedHeight, paddedWidth) = (Math.Max(height, p.Height), Math.Max(width, p.Width));
        var (topPad, leftPad) = (
            (int)Math.Ceiling((paddedHeight - p.Height) / 2.0),
            (int)Math.Ceiling((paddedWidth - p.Width) / 2.0)
        );
        var (top, left) = (
            (int)Math.Floor((p.Height - height) / 2.0) + topPad,
            (int)Math.Floor((p.Width - width) / 2.0) + leftPad
        );
        var rgb = new byte[height * width * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (sy, sx) = (y + top - topPad, x + left - leftPad);
                if (sy >= 0 && sx >= 0 && sy < p.Height && sx < p.Width)
                    p.Rgb.AsSpan((sy * p.Width + sx) * 3, 3).CopyTo(rgb.AsSpan((y * width + x) * 3));
            }
        }

        return new Picture(width, height, rgb);
    }

    [Theory]
    [InlineData(20, 13, 8, 6)]
    [InlineData(20, 13, 13, 20)]
    [InlineData(7, 9, 12, 12)]
    [InlineData(7, 20, 12, 12)]
    [InlineData(20, 7, 11, 12)]
    public void The_crop_is_central_and_what_is_missing_is_black(int width, int height, int cropHeight, int cropWidth)
    {
        var picture = Models.Pattern(1, width, height);
        var cropped = new ImagePreprocessor(Settings with { Crop = (cropHeight, cropWidth) }).Crop(picture);
        Assert.Equal((cropWidth, cropHeight), (cropped.Width, cropped.Height));
        Assert.Equal(CenterCrop(picture, cropHeight, cropWidth).Rgb, cropped.Rgb);
    }

    [Theory]
    [InlineData(ResampleFilter.Nearest)]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Bicubic)]
    public void The_shortest_edge_is_resized_and_the_other_cut_to_whole_pixels(ResampleFilter filter)
    {
        var wide = Models.Pattern(1, 31, 17);
        var settings = Settings with { Resize = ResizeRule.ShortestEdge(10), Filter = filter, Crop = (9, 12) };
        Assert.Equal(
            CenterCrop(Resized(wide, 18, 10, filter), 9, 12).Rgb,
            new ImagePreprocessor(settings).Crop(wide).Rgb
        ); // int(10·31/17) = 18
        var tall = Models.Pattern(1, 17, 31);
        Assert.Equal(
            CenterCrop(Resized(tall, 10, 18, filter), 9, 12).Rgb,
            new ImagePreprocessor(settings).Crop(tall).Rgb
        );
        Assert.Equal(
            Resized(tall, 10, 18, filter).Rgb,
            new ImagePreprocessor(settings with { Crop = null }).Crop(tall).Rgb
        );
    }

    [Fact]
    public void A_picture_of_which_nothing_would_be_left_is_refused()
    {
        var settings = Settings with { Resize = new(ResizeKind.Inside, 8, 8), Crop = (8, 8) };
        var error = Assert.Throws<AuditException>(() =>
            new ImagePreprocessor(settings).Crop(Models.Pattern(1, 100, 1))
        );
        Assert.Contains("100×1 is too long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_can_come_last_and_bytes_stay_bytes()
    {
        var picture = new Picture(2, 1, [1, 2, 3, 4, 5, 6]);
        var preprocessor = new ImagePreprocessor(Settings.OfBytes());
        Assert.Equal([1f, 4, 2, 5, 3, 6], preprocessor.Normalise(picture));
        Assert.Equal([1f, 2, 3, 4, 5, 6], preprocessor.Normalise(picture, channelsLast: true));
        Assert.Equal([1, 4, 2, 5, 3, 6], preprocessor.Bytes(picture));
        Assert.Equal([1, 2, 3, 4, 5, 6], preprocessor.Bytes(picture, channelsLast: true));
        var swapping = new ImagePreprocessor(Settings.OfBytes() with { SwapsRedAndBlue = true });
        Assert.Equal([3, 2, 1, 6, 5, 4], swapping.Bytes(picture, channelsLast: true));
    }

    [Fact]
    public void An_exact_size_does_not_keep_proportions()
    {
        var picture = Models.Pattern(1, 31, 17);
        var settings = Settings with { Resize = ResizeRule.Exact(6, 9) };
        Assert.Equal(
            Resized(picture, 9, 6, ResampleFilter.Bicubic).Rgb,
            new ImagePreprocessor(settings).Crop(picture).Rgb
        );
    }

    [Fact]
    public void Rescaling_and_normalising_can_each_be_left_out()
    {
        var picture = new Picture(1, 1, [10, 100, 200]);
        float[] Values(PreprocessorSettings s) => new ImagePreprocessor(s).Normalise(picture);
        var plain = Settings with { RescaleFactor = null, Mean = [], Deviation = [] };
        Assert.Equal([10f, 100, 200], Values(plain));
        Assert.Equal(
            [(float)(10 / 255.0), (float)(100 / 255.0), (float)(200 / 255.0)],
            Values(plain with { RescaleFactor = 1 / 255.0 })
        );
        Assert.Equal([9f, 49, 65.666664f], Values(plain with { Mean = [1, 2, 3], Deviation = [1, 2, 3] }));
    }
}
