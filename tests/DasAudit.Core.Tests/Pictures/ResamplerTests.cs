using System.Security.Cryptography;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class ResamplerTests
{
    [Fact]
    public void Every_size_and_filter_gives_Pillows_bytes()
    {
        var source = ReferenceFiles.Source;
        foreach (var resizing in ReferenceFiles.Expected.GetProperty("resized").EnumerateArray())
        {
            var (width, height) = (resizing.GetProperty("width").GetInt32(), resizing.GetProperty("height").GetInt32());
            var filter = (ResampleFilter)resizing.GetProperty("filter").GetInt32();
            var resized = Resampler.Resize(Pixels.Of(source), width, height, filter);
            Assert.True(
                resizing.GetProperty("sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(resized)),
                $"{filter} to {width}×{height} differs from Pillow"
            );
        }
    }

    [Theory]
    [InlineData(ResampleFilter.Nearest)]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Bicubic)]
    public void A_window_is_the_same_part_of_the_whole(ResampleFilter filter)
    {
        var source = ReferenceFiles.Source;
        foreach (var (width, height) in ((int, int)[])[(40, 31), (23, 31), (40, 17), (23, 17), (9, 8)])
        {
            var whole = Resampler.Resize(Pixels.Of(source), width, height, filter);
            var window = new CropWindow(3, 2, 5, 4);
            var part = Resampler.Resize(Pixels.Of(source), width, height, filter, window);
            for (var y = 0; y < 4; y++)
                Assert.Equal(whole.AsSpan(((y + 2) * width + 3) * 3, 15).ToArray(), part.AsSpan(y * 15, 15).ToArray());
        }
    }

    [Fact]
    public void A_window_outside_the_picture_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Resampler.Resize(
                new Pixels(new byte[12], 3, 2, 2),
                4,
                4,
                ResampleFilter.Bicubic,
                new CropWindow(1, 0, 4, 4)
            )
        );
}
