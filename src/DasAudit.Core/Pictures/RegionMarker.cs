namespace DasAudit.Core.Pictures;

/// <summary>
/// Shows a region on a small picture: pixels outside fade towards white, those next to it are its outline.
/// </summary>
internal static class RegionMarker
{
    private static readonly byte[] Outline = [230, 0, 110];

    /// <summary>A marked copy of a picture that was resized as a whole from the one that the region is of.</summary>
    public static Picture Mark(Picture small, PictureRegion region)
    {
        var inside = Inside(small, region);
        var rgb = (byte[])small.Rgb.Clone();
        for (var y = 0; y < small.Height; y++)
        {
            for (var x = 0; x < small.Width; x++)
            {
                if (inside[y, x])
                    continue;
                var pixel = rgb.AsSpan((y * small.Width + x) * 3, 3);
                if (IsBeside(x, y))
                    Outline.CopyTo(pixel);
                else
                    Fade(pixel);
            }
        }

        return small with
        {
            Rgb = rgb,
        };

        bool IsBeside(int x, int y)
        {
            for (var beside = Math.Max(0, y - 1); beside <= Math.Min(small.Height - 1, y + 1); beside++)
            {
                for (var next = Math.Max(0, x - 1); next <= Math.Min(small.Width - 1, x + 1); next++)
                {
                    if (inside[beside, next])
                        return true;
                }
            }

            return false;
        }
    }

    // However thin the region is, some of it is seen.
    private static bool[,] Inside(Picture small, PictureRegion region)
    {
        var columns = GridCells.Of(region.Width, small.Width, 0, small.Width, small.Width);
        var rows = GridCells.Of(region.Height, small.Height, 0, small.Height, small.Height);
        var inside = new bool[small.Height, small.Width];
        for (var y = 0; y < small.Height; y++)
        {
            for (var x = 0; x < small.Width; x++)
                inside[y, x] = rows.Parts(y).Any(row => columns.Parts(x).Any(part => region[part.Pixel, row.Pixel]));
        }

        return inside;
    }

    private static void Fade(Span<byte> pixel)
    {
        for (var c = 0; c < pixel.Length; c++)
            pixel[c] = (byte)(255 - (255 - pixel[c]) / 3);
    }
}
