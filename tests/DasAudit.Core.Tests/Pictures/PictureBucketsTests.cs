using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

/// <summary>
/// Expected values are those of make_bucket_resolutions(side, side / 2, 2 · side, step), of select_bucket and of
/// get_crop_ltrb, run in Python as kohya's sd-scripts state them.
/// </summary>
public class PictureBucketsTests
{
    private static readonly ImageShape Usual = new(3, 512, 512);

    [Fact]
    public void Buckets_at_512_are_the_published_ones() =>
        Assert.Equal(
            [
                (256, 832),
                (256, 896),
                (256, 960),
                (256, 1024),
                (320, 704),
                (320, 768),
                (384, 640),
                (448, 576),
                (512, 512),
                (576, 448),
                (640, 384),
                (704, 320),
                (768, 320),
                (832, 256),
                (896, 256),
                (960, 256),
                (1024, 256),
            ],
            Sizes(new(Usual, 64))
        );

    [Fact]
    public void Smaller_models_have_smaller_steps()
    {
        Assert.Equal(
            [(16, 48), (16, 56), (16, 64), (24, 40), (32, 32), (40, 24), (48, 16), (56, 16), (64, 16)],
            Sizes(new(new(3, 32, 32), 4))
        );
        Assert.Equal(33, new PictureBuckets(new(3, 1024, 1024), 32).Shapes.Count);
    }

    [Theory]
    [InlineData(32, 32, 16)]
    [InlineData(96, 64, 12)]
    [InlineData(768, 512, 64)]
    [InlineData(8, 8, 2)]
    public void Sides_fit_the_model_and_areas_do_not_exceed_its_own(int height, int width, int multiple)
    {
        var shape = new ImageShape(3, height, width);
        var buckets = new PictureBuckets(shape, multiple).Shapes;

        Assert.Contains(shape, buckets);
        Assert.All(
            buckets.Where(bucket => bucket != shape),
            bucket => Assert.Equal((0, 0), (bucket.Height % multiple, bucket.Width % multiple))
        );
        Assert.All(buckets, bucket => Assert.InRange(bucket.Length, 1, shape.Length));
    }

    [Theory]
    [InlineData(1920, 1080, 640, 384, 12, 0)]
    [InlineData(1080, 1920, 384, 640, 0, 12)]
    [InlineData(640, 480, 576, 448, 8, 0)]
    [InlineData(256, 1024, 256, 1024, 0, 0)]
    [InlineData(448, 576, 448, 576, 0, 0)]
    [InlineData(100, 3000, 256, 1024, 0, 110)]
    [InlineData(3000, 100, 1024, 256, 110, 0)]
    [InlineData(1000, 999, 512, 512, 0, 0)]
    [InlineData(512, 512, 512, 512, 0, 0)]
    public void A_picture_goes_to_the_nearest_proportions(
        int width,
        int height,
        int bucketWidth,
        int bucketHeight,
        int top,
        int left
    )
    {
        var bucket = new PictureBuckets(Usual, 64).Of(width, height);

        Assert.Equal((bucketWidth, bucketHeight), (bucket.Width, bucket.Height));
        Assert.Equal(
            new PictureFraming(height, width, top, left) { TargetHeight = bucketHeight, TargetWidth = bucketWidth },
            PictureTensor.FramingOf(width, height, bucket, ResizeMode.Bucket)
        );
    }

    [Fact]
    public void Of_two_as_near_the_larger_is_taken()
    {
        // 4:3 is as far from 1:1 as from 5:3.
        var bucket = new PictureBuckets(new(3, 32, 32), 4).Of(640, 480);

        Assert.Equal((32, 32), (bucket.Width, bucket.Height));
    }

    [Fact]
    public void A_picture_is_cut_at_the_centre_of_what_covers_its_bucket() =>
        Assert.Equal(
            new ModelFrame(682, 384, new CropWindow(21, 0, 640, 384)),
            ModelFrame.Of(1920, 1080, new(3, 384, 640), ResizeMode.Bucket)
        );

    private static IEnumerable<(int Width, int Height)> Sizes(PictureBuckets buckets) =>
        buckets.Shapes.Select(shape => (shape.Width, shape.Height));
}
