namespace DasAudit.Core.Pictures;

/// <summary>Small pictures for reports.</summary>
internal static class ThumbnailMaker
{
    /// <summary>Default longest side in pixels.</summary>
    public const int DefaultSide = 96;

    /// <summary>
    /// A PNG whose longest side is at most <paramref name="side"/>. Larger pictures are shrunk (bicubic, antialiased);
    /// pictures at most half that size are enlarged by a whole factor with the pixels left as crisp squares; what lies
    /// between stays as it is.
    /// </summary>
    public static byte[] Make(Picture picture, int side = DefaultSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var longest = Math.Max(picture.Width, picture.Height);
        var (width, height, filter) =
            longest > side
                ? (Shrink(picture.Width), Shrink(picture.Height), ResampleFilter.Bicubic)
                : (picture.Width * (side / longest), picture.Height * (side / longest), ResampleFilter.Nearest);
        var rgb = Resampler.Resize(Pixels.Of(picture), width, height, filter);
        return PictureWriter.Png(new Picture(width, height, rgb));

        int Shrink(int length) => (int)Math.Max(1, Math.Round((double)length * side / longest));
    }
}
