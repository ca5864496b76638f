namespace DasAudit.Core.Pictures;

/// <summary>A part of a picture: some of its pixels, at least one.</summary>
internal sealed class PictureRegion
{
    // A mask's pixel is in the region if its brightest channel is at least this.
    private const byte Bright = 128;

    private readonly bool[] _pixels;

    private PictureRegion(bool[] pixels, int width, int height)
    {
        (_pixels, Width, Height) = (pixels, width, height);
        Window = Bounds();
        Share = (double)pixels.Count(inside => inside) / pixels.Length;
    }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>The smallest rectangle that holds it.</summary>
    public CropWindow Window { get; }

    /// <summary>The part of the picture's pixels that are in it, above 0 and at most 1.</summary>
    public double Share { get; }

    /// <summary>The file of the mask, as given; null for a rectangle.</summary>
    public string? Mask { get; private init; }

    /// <summary>SHA-256 of the mask's bytes; null for a rectangle.</summary>
    public string? MaskSha256 { get; private init; }

    /// <summary>How many pixels of the mask are neither black nor white.</summary>
    public int GreyPixels { get; private init; }

    /// <summary>Whether a pixel is in it.</summary>
    public bool this[long x, long y] => _pixels[y * Width + x];

    /// <summary>All pixels of a rectangle, which lies within the picture.</summary>
    public static PictureRegion Rectangle(CropWindow window, int width, int height)
    {
        var pixels = new bool[width * height];
        for (var y = 0; y < window.Height; y++)
            pixels.AsSpan((int)((window.Top + y) * width + window.Left), window.Width).Fill(true);
        return new(pixels, width, height);
    }

    /// <summary>The bright pixels of a mask; null if there is none.</summary>
    /// <param name="path">The file, as given.</param>
    public static PictureRegion? OfMask(HashedPicture mask, string path)
    {
        var (width, height, rgb) = (mask.Picture.Width, mask.Picture.Height, mask.Picture.Rgb);
        var pixels = new bool[width * height];
        var grey = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var channels = rgb.AsSpan(3 * i, 3);
            var brightest = Math.Max(channels[0], Math.Max(channels[1], channels[2]));
            pixels[i] = brightest >= Bright;
            if (brightest is not (0 or 255))
                grey++;
        }

        return pixels.AsSpan().Contains(true)
            ? new(pixels, width, height)
            {
                Mask = path,
                MaskSha256 = mask.Sha256,
                GreyPixels = grey,
            }
            : null;
    }

    private CropWindow Bounds()
    {
        var (left, top, right, bottom) = (Width, Height, -1, -1);
        for (var y = 0; y < Height; y++)
        {
            var row = _pixels.AsSpan(y * Width, Width);
            var first = row.IndexOf(true);
            if (first < 0)
                continue;
            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOf(true));
            top = Math.Min(top, y);
            bottom = y;
        }

        return new(left, top, right - left + 1, bottom - top + 1);
    }
}
