namespace DasAudit.Core.Pictures;

internal static class Compositing
{
    /// <summary>Drops alpha: out = ⌊(c·a + 255·(255 − a) + 127) / 255⌋, the blend with white, rounded.</summary>
    /// <remarks>In integers, so that it is the same everywhere; a = 255 gives c and a = 0 gives 255.</remarks>
    /// <param name="rgba">Unpremultiplied, four bytes a pixel; the result has three.</param>
    /// <param name="composited">Whether any pixel was not opaque.</param>
    public static byte[] OnWhite(ReadOnlySpan<byte> rgba, out bool composited)
    {
        composited = false;
        var rgb = new byte[rgba.Length / 4 * 3];
        for (int i = 0, o = 0; i < rgba.Length; i += 4, o += 3)
        {
            int a = rgba[i + 3];
            composited |= a != 255;
            for (var c = 0; c < 3; c++)
                rgb[o + c] = (byte)((rgba[i + c] * a + 255 * (255 - a) + 127) / 255);
        }

        return rgb;
    }
}
