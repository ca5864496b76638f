using BitMiracle.LibTiff.Classic;

namespace DasAudit.Core.Pictures;

/// <summary>Turns the samples of a TIFF page into RGBA, as Pillow does.</summary>
internal static class TiffColours
{
    /// <summary>Unpremultiplied, four bytes a pixel.</summary>
    public static byte[] ToRgba(ReadOnlySpan<byte> samples, TiffLayout layout)
    {
        var rgba = new byte[checked(layout.Width * layout.Height * 4)];
        var greyScale = 255 / ((1 << Math.Min(layout.Bits, 8)) - 1);
        var alphaAt = layout.Photometric is Photometric.RGB or Photometric.YCBCR ? 3 : 1;
        for (int i = 0, o = 0; o < rgba.Length; i += layout.Samples, o += 4)
        {
            var pixel = samples.Slice(i, layout.Samples);
            var target = rgba.AsSpan(o, 4);
            switch (layout.Photometric)
            {
                case Photometric.PALETTE:
                    layout.Palette.AsSpan(3 * pixel[0], 3).CopyTo(target);
                    break;
                case Photometric.MINISWHITE:
                    target[..3].Fill((byte)(255 - pixel[0] * greyScale));
                    break;
                case Photometric.MINISBLACK:
                    target[..3].Fill((byte)(pixel[0] * greyScale));
                    break;
                case Photometric.SEPARATED:
                    FromInks(pixel, target, greyScale);
                    break;
                default:
                    for (var c = 0; c < 3; c++)
                        target[c] = (byte)(pixel[c] * greyScale);
                    break;
            }

            target[3] = layout.Alpha == TiffAlpha.None ? (byte)255 : (byte)(pixel[alphaAt] * greyScale);
            if (layout.Alpha == TiffAlpha.Associated)
                Unpremultiply(target);
        }

        return rgba;
    }

    // colour = (255 − black) − ink · (255 − black) / 255, rounded.
    private static void FromInks(ReadOnlySpan<byte> inks, Span<byte> rgb, int scale)
    {
        var light = 255 - inks[3] * scale;
        for (var c = 0; c < 3; c++)
        {
            var product = inks[c] * scale * light + 128;
            rgb[c] = (byte)(light - (((product >> 8) + product) >> 8));
        }
    }

    private static void Unpremultiply(Span<byte> rgba)
    {
        int alpha = rgba[3];
        if (alpha is 0 or 255)
            return;
        for (var c = 0; c < 3; c++)
            rgba[c] = (byte)Math.Min(255, 255 * rgba[c] / alpha);
    }
}
