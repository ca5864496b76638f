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

    /// <summary>
    /// Of Pillow 9.4.0, from numpy's <c>(x * 7 + y * 13 + c * 29 ^ x * y) &amp; 255</c> with
    /// <c>Image.resize((width, height), filter)</c>.
    /// </summary>
    [Theory]
    [InlineData(
        ResampleFilter.Lanczos,
        301,
        203,
        37,
        29,
        "14c876970c048777e29a842bb372edcc822587da3c8e8b61bcc7443337cd0910"
    )]
    [InlineData(
        ResampleFilter.Lanczos,
        20,
        50,
        61,
        44,
        "0b01d0cbb043f6aa0043f8786ca600089fcc539576ec22f3591a5d4c0c14d0f8"
    )]
    [InlineData(
        ResampleFilter.Lanczos,
        33,
        32,
        32,
        33,
        "ab68adc52c80ecb889997f0a85a650964bcad0fa78a57c2d06b8c5e08e1e0841"
    )]
    [InlineData(
        ResampleFilter.Box,
        301,
        203,
        37,
        29,
        "6903a8164cdf04064afbdc6269f74b1077c2f30f3d7686ffc7845bd1ff74c543"
    )]
    [InlineData(ResampleFilter.Box, 20, 50, 61, 44, "2e1bc68bd0d66bba2aa900107b4ef3ab525f0a2249934edbcef9bf7d70d8c4f4")]
    [InlineData(ResampleFilter.Box, 33, 32, 32, 33, "273af32f01b050b9e65199da9b72448d3bdbe0c541edfb85213ccaff0c6a305f")]
    [InlineData(
        ResampleFilter.Hamming,
        301,
        203,
        37,
        29,
        "cd0fe38d01fd4c3cff33238908cfb5b324c24d2160f0045e5b279ec8f4de7453"
    )]
    [InlineData(
        ResampleFilter.Hamming,
        20,
        50,
        61,
        44,
        "c5992500cbd10ffa0892f2013452e6e96d36e9406fb828bd7dc4e0e425309e03"
    )]
    [InlineData(
        ResampleFilter.Hamming,
        33,
        32,
        32,
        33,
        "d4746b439373e1951a25c4971cadf31eea6fcf4894d43dd205b874ed401ea1f3"
    )]
    public void The_rarer_filters_give_Pillows_bytes_too(
        ResampleFilter filter,
        int oldWidth,
        int oldHeight,
        int width,
        int height,
        string sha256
    )
    {
        var rgb = new byte[oldWidth * oldHeight * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y, channel) = (i / 3 % oldWidth, i / 3 / oldWidth, i % 3);
            rgb[i] = (byte)((x * 7 + y * 13 + channel * 29) ^ (x * y));
        }

        var resized = Resampler.Resize(new Pixels(rgb, 3, oldWidth, oldHeight), width, height, filter);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(resized)));
    }

    [Theory]
    [InlineData(ResampleFilter.Lanczos)]
    [InlineData(ResampleFilter.Box)]
    [InlineData(ResampleFilter.Hamming)]
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
