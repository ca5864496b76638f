namespace DasAudit.Core.Pictures;

internal static class Compositing
{
    private const int Opaque = 255;

    /// <summary>Drops alpha: out = ⌊(c·a + b·(255 − a) + 127) / 255⌋, the blend with a background b, rounded.</summary>
    /// <remarks>In integers, so that it is the same everywhere; a = 255 gives c and a = 0 gives b.</remarks>
    /// <param name="rgba">Unpremultiplied, four bytes a pixel; the result has three.</param>
    /// <param name="composited">Whether any pixel was not opaque.</param>
    public static byte[] On(PictureBackground background, ReadOnlySpan<byte> rgba, out bool composited)
    {
        ReadOnlySpan<byte> colour = [background.Red, background.Green, background.Blue];
        composited = false;
        var rgb = new byte[rgba.Length / 4 * 3];
        for (int i = 0, o = 0; i < rgba.Length; i += 4, o += 3)
        {
            int alpha = rgba[i + 3];
            composited |= alpha != Opaque;
            if (background.DropsAlpha)
                alpha = Opaque;
            for (var c = 0; c < 3; c++)
                rgb[o + c] = (byte)((rgba[i + c] * alpha + colour[c] * (Opaque - alpha) + 127) / 255);
        }

        return rgb;
    }
}
