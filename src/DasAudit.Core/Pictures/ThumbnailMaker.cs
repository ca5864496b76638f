namespace DasAudit.Core.Pictures;

internal static class ThumbnailMaker
{
    /// <summary>Default longest side in pixels.</summary>
    public const int DefaultSide = 96;

    /// <summary>A PNG, longest side at most <paramref name="side"/>: larger pictures are shrunk (bicubic).</summary>
    /// <remarks>Those of at most half that size are enlarged by a whole factor as crisp squares; others stay.</remarks>
    public static byte[] Make(Picture picture, int side = DefaultSide) => PictureWriter.Png(Small(picture, side));

    /// <summary>The same with a region outlined and all else faded.</summary>
    public static byte[] Make(Picture picture, PictureRegion region, int side = DefaultSide) =>
        PictureWriter.Png(RegionMarker.Mark(Small(picture, side), region));

    private static Picture Small(Picture picture, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var longest = Math.Max(picture.Width, picture.Height);
        var (width, height, filter) =
            longest > side
                ? (Shrink(picture.Width), Shrink(picture.Height), ResampleFilter.Bicubic)
                : (picture.Width * (side / longest), picture.Height * (side / longest), ResampleFilter.Nearest);
        var rgb = Resampler.Resize(Pixels.Of(picture), width, height, filter);
        return new(width, height, rgb);

        int Shrink(int length) => (int)Math.Max(1, Math.Round((double)length * side / longest));
    }
}
