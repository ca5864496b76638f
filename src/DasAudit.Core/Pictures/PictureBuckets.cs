namespace DasAudit.Core.Pictures;

/// <summary>
/// The shapes that trainers of latent models sort pictures into by their proportions, computed as
/// <c>make_bucket_resolutions</c> and <c>BucketManager.select_bucket</c> of kohya's sd-scripts do: with its default
/// sides, 256 to 1024 in steps of 64, at 512×512, and in proportion for models of another size.
/// </summary>
internal sealed class PictureBuckets
{
    private const int UsualStep = 64;

    private readonly ImageShape _shape;

    /// <summary>The buckets of a model.</summary>
    /// <param name="shape">Of the model's pictures.</param>
    /// <param name="multiple">What sides of pictures must be multiples of.</param>
    public PictureBuckets(ImageShape shape, int multiple)
    {
        _shape = shape;
        var side = (int)Math.Sqrt((double)shape.Height * shape.Width);
        var step = Step(Math.Min(shape.Height, shape.Width), multiple);
        Shapes = [.. Sizes(shape, side, step).Distinct().Order().Select(size => OfSize(size.Width, size.Height))];
    }

    /// <summary>All of them, by width and then height.</summary>
    public IReadOnlyList<ImageShape> Shapes { get; }

    /// <summary>The bucket of a picture: of its size, else of the nearest width by height, else the larger.</summary>
    public ImageShape Of(int width, int height)
    {
        var own = OfSize(width, height);
        return Shapes.Contains(own)
            ? own
            : Shapes.Aggregate((best, next) => IsBetter(next, best, width, height) ? next : best);
    }

    /// <summary>
    /// What sd-scripts tell SDXL of a picture in a bucket: as its corner, that of the whole picture fitted into the
    /// bucket, though they cut it as <see cref="ResizeMode.Crop"/> does.
    /// </summary>
    public static PictureFraming Framing(int width, int height, ImageShape bucket)
    {
        var isWider = (long)bucket.Width * height > (long)bucket.Height * width;
        var left = isWider ? Margin(bucket.Width, bucket.Height, width, height) : 0;
        var top = isWider ? 0 : Margin(bucket.Height, bucket.Width, height, width);
        return new(height, width, top, left) { TargetHeight = bucket.Height, TargetWidth = bucket.Width };
    }

    // Steps shrink with the model, but never below what its levels can halve.
    private static int Step(int side, int multiple)
    {
        var step = Math.Clamp(side / 4 / 8 * 8, 8, UsualStep);
        return (step + multiple - 1) / multiple * multiple;
    }

    private static IEnumerable<(int Width, int Height)> Sizes(ImageShape shape, int side, int step)
    {
        yield return (shape.Width, shape.Height);
        if (side >= step)
            yield return (side / step * step, side / step * step);
        var (least, most) = (Math.Max(1, side / 2 / step) * step, (2 * side + step - 1) / step * step);
        for (var width = least; width <= most; width += step)
        {
            var height = Math.Min(most, shape.Height * shape.Width / width / step * step);
            if (height < least)
                continue;
            yield return (width, height);
            yield return (height, width);
        }
    }

    // Fractions are compared by whole numbers, so that ties are ties.
    private static bool IsBetter(ImageShape next, ImageShape best, int width, int height)
    {
        var nextError = Error(next, width, height) * best.Height;
        var bestError = Error(best, width, height) * next.Height;
        return nextError == bestError ? next.Length > best.Length : nextError < bestError;
    }

    // |w/h − W/H|, times both heights.
    private static Int128 Error(ImageShape bucket, int width, int height) =>
        Int128.Abs((Int128)bucket.Width * height - (Int128)width * bucket.Height);

    // ⌊(side − otherSide · length/otherLength) / 2⌋
    private static int Margin(int side, int otherSide, int length, int otherLength) =>
        (int)(((long)side * otherLength - (long)otherSide * length) / (2L * otherLength));

    private ImageShape OfSize(int width, int height) => _shape with { Width = width, Height = height };
}
