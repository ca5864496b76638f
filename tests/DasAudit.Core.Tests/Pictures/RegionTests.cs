using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

/// <summary>Which pixels a region is, and how much of each cell of a model's grid they cover.</summary>
public sealed class RegionTests : IDisposable
{
    private static readonly ImageShape Shape = new(3, 8, 8);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void On_a_model_s_own_pixels_weights_are_the_rectangle()
    {
        var weights = RegionWeights.Of(Region("2,1,3,2", 8, 8), Shape, ResizeMode.Crop, 8, 8)!;

        Assert.Equal((8, 8), (weights.Width, weights.Height));
        for (var i = 0; i < 64; i++)
            Assert.Equal(i % 8 is >= 2 and < 5 && i / 8 is >= 1 and < 3 ? 1 : 0, weights.Values[i]);
    }

    [Fact]
    public void A_latent_counts_by_the_share_of_its_rectangle_that_is_covered()
    {
        var weights = RegionWeights.Of(Region("0,0,3,1", 8, 8), Shape, ResizeMode.Crop, 4, 4)!;

        Assert.Equal([0.5f, 0.25f, 0, 0], weights.Values[..4]);
        Assert.All(weights.Values[4..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Pictures_that_are_resized_and_cropped_take_their_regions_with_them()
    {
        // Half the size: a cell is two pixels wide.
        Assert.Equal(
            [0.25f, 0.25f],
            RegionWeights.Of(Region("1,1,2,1", 16, 16), Shape, ResizeMode.Crop, 8, 8)!.Values[..2]
        );
        // 12×8 loses two columns at either side.
        var cropped = RegionWeights.Of(Region("0,0,3,8", 12, 8), Shape, ResizeMode.Crop, 8, 8)!;
        Assert.All(Enumerable.Range(0, 64), i => Assert.Equal(i % 8 == 0 ? 1 : 0, cropped.Values[i]));
        // 5 columns become 8: a pixel covers 1.6 of them.
        Assert.Equal(
            [1, 0.6f, 0, 0, 0, 0, 0, 0],
            RegionWeights.Of(Region("0,0,1,5", 5, 5), Shape, ResizeMode.Crop, 8, 8)!.Values[..8],
            (expected, actual) => Math.Abs(expected - actual) < 1e-6
        );
    }

    [Fact]
    public void A_region_of_all_that_the_model_sees_is_no_restriction_and_one_of_nothing_is_refused()
    {
        Assert.Null(RegionWeights.Of(Region("0,0,7,5", 7, 5), Shape, ResizeMode.Crop, 3, 3));
        Assert.Null(RegionWeights.Of(Region("2,0,8,8", 12, 8), Shape, ResizeMode.Crop, 8, 8));
        Assert.Equal(
            "The model does not see any of the region: pictures are cropped at the centre to the model's 8×8; choose a "
                + "region nearer to the middle.",
            Assert
                .Throws<AuditException>(() => RegionWeights.Of(Region("0,0,2,8", 12, 8), Shape, ResizeMode.Crop, 8, 8))
                .Message
        );
    }

    [Theory]
    [InlineData(13, 11, 8, 8)]
    [InlineData(7, 29, 4, 4)]
    [InlineData(100, 64, 3, 5)]
    public void The_weights_of_a_region_and_of_the_rest_add_up_to_one(int width, int height, int rows, int columns)
    {
        var rest = new byte[width * height * 3];
        var mask = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
            (i * 7919 % 5 < 2 ? mask : rest).AsSpan(3 * i, 3).Fill(255);

        var first = RegionWeights.Of(Masked(width, height, mask, "a"), Shape, ResizeMode.Crop, rows, columns)!;
        var second = RegionWeights.Of(Masked(width, height, rest, "b"), Shape, ResizeMode.Crop, rows, columns)!;

        Assert.NotEqual(first.Sha256, second.Sha256);
        Assert.All(first.Values.Zip(second.Values), pair => Assert.Equal(1, pair.First + pair.Second, 1e-6));
        Assert.Contains(first.Values, value => value is > 0 and < 1);
    }

    [Fact]
    public void A_mask_marks_its_bright_pixels_whatever_their_colour()
    {
        var rgb = new byte[4 * 3 * 3];
        rgb[3 * 5] = 255;
        rgb[3 * 10 + 2] = 128;
        rgb[3 * 11 + 1] = 127;

        var region = Masked(4, 3, rgb, "mask");

        Assert.Equal(new CropWindow(1, 1, 2, 2), region.Window);
        Assert.Equal(2 / 12.0, region.Share);
        Assert.Equal(2, region.GreyPixels);
        Assert.Equal("mask.png", region.Mask);
        Assert.Equal(64, region.MaskSha256!.Length);
        Assert.True(region[1, 1]);
        Assert.True(region[2, 2]);
        Assert.False(region[3, 2]);
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,4,5")]
    [InlineData("1,2,0,4")]
    [InlineData("1,-2,3,4")]
    [InlineData("1.5,2,3,4")]
    [InlineData("1,2,99999999999,4")]
    [InlineData("")]
    public void Numbers_that_are_no_rectangle_are_refused(string text) =>
        Assert.StartsWith(
            $"'{text}' is no region; write X,Y,WIDTH,HEIGHT in whole pixels of the picture",
            Assert.Throws<AuditException>(() => RegionChoice.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void What_does_not_fit_the_picture_is_refused()
    {
        _folder.Write("small.png", TestPictures.Png(1, 6, 5));
        _folder.Write("black.png", PictureWriter.Png(new(8, 8, new byte[8 * 8 * 3])));

        Refuses("The region 5,0,4,4 does not lie within 'q.png', which measures 8×8", "5,0,4,4");
        Refuses("The region 0,2147483647,1,2147483647 does not lie within", "0,2147483647,1,2147483647");
        Refuses("The mask 'small.png' measures 6×5 and 'q.png' 8×8; give a mask of the picture's size.", "small.png");
        Refuses("The mask 'black.png' is black all over, so no pixel is in the region", "black.png");
        Refuses("'gone.png' is not there", "gone.png");
    }

    [Fact]
    public void What_is_outside_fades_and_what_is_next_to_the_region_is_its_outline()
    {
        var picture = new Picture(5, 1, [.. Enumerable.Repeat((byte)90, 15)]);

        var marked = RegionMarker.Mark(picture, Region("0,0,4,2", 10, 2));

        Assert.Equal([90, 90, 90, 90, 90, 90, 230, 0, 110, 200, 200, 200, 200, 200, 200], marked.Rgb);
    }

    private void Refuses(string sentence, string region) =>
        Assert.StartsWith(
            sentence,
            Assert
                .Throws<AuditException>(() => RegionChoice.Parse(region).Of(8, 8, "q.png", path => _folder.At(path)))
                .Message,
            StringComparison.Ordinal
        );

    private static PictureRegion Region(string text, int width, int height) =>
        RegionChoice.Parse(text).Of(width, height, "q.png", path => path);

    private PictureRegion Masked(int width, int height, byte[] rgb, string name)
    {
        _folder.Write($"{name}.png", PictureWriter.Png(new(width, height, rgb)));
        return RegionChoice.Parse($"{name}.png").Of(width, height, "q.png", path => _folder.At(path));
    }
}
