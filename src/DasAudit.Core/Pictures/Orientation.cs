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
        var turnedOver =
            origin
            is SKEncodedOrigin.LeftTop
                or SKEncodedOrigin.RightTop
                or SKEncodedOrigin.RightBottom
                or SKEncodedOrigin.LeftBottom;
        var width = turnedOver ? picture.Height : picture.Width;
        var height = turnedOver ? picture.Width : picture.Height;
        var right = picture.Width - 1;
        var bottom = picture.Height - 1;
        var rgb = new byte[picture.Rgb.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (sourceX, sourceY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (right - x, y),
                    SKEncodedOrigin.BottomRight => (right - x, bottom - y),
                    SKEncodedOrigin.BottomLeft => (x, bottom - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, bottom - x),
                    SKEncodedOrigin.RightBottom => (right - y, bottom - x),
                    SKEncodedOrigin.LeftBottom => (right - y, x),
                    _ => (x, y),
                };
                var source = picture.Rgb.AsSpan((sourceY * picture.Width + sourceX) * 3, 3);
                source.CopyTo(rgb.AsSpan((y * width + x) * 3));
            }
        }

        return picture with
        {
            Width = width,
            Height = height,
            Rgb = rgb,
        };
    }
}
