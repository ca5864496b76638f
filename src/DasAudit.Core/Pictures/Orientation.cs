using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>Turns a picture the way its EXIF orientation says it is to be seen.</summary>
internal static class Orientation
{
    /// <summary>Applies an orientation; the picture itself if there is nothing to turn.</summary>
    public static Picture Apply(Picture picture, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or 0)
            return picture;
        var swaps =
            origin
            is SKEncodedOrigin.LeftTop
                or SKEncodedOrigin.RightTop
                or SKEncodedOrigin.RightBottom
                or SKEncodedOrigin.LeftBottom;
        var (w, h) = (picture.Width, picture.Height);
        var (width, height) = swaps ? (h, w) : (w, h);
        var turned = new byte[picture.Rgb.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (sx, sy) = origin switch
                {
                    SKEncodedOrigin.TopRight => (w - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (w - 1 - x, h - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, h - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, h - 1 - x),
                    SKEncodedOrigin.RightBottom => (w - 1 - y, h - 1 - x),
                    SKEncodedOrigin.LeftBottom => (w - 1 - y, x),
                    _ => (x, y),
                };
                picture.Rgb.AsSpan((sy * w + sx) * 3, 3).CopyTo(turned.AsSpan((y * width + x) * 3));
            }
        }

        return picture with
        {
            Width = width,
            Height = height,
            Rgb = turned,
        };
    }
}
