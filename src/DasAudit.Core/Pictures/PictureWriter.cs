using System.Runtime.InteropServices;
using DasAudit.Core.Files;
using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>Writes pictures as 8-bit RGB PNG; the same pixels give the same bytes.</summary>
public static class PictureWriter
{
    /// <summary>The bytes of a PNG file.</summary>
    public static byte[] Png(Picture picture)
    {
        var rgba = new byte[checked(picture.Width * picture.Height * 4)];
        for (int i = 0, o = 0; o < rgba.Length; i += 3, o += 4)
        {
            picture.Rgb.AsSpan(i, 3).CopyTo(rgba.AsSpan(o));
            rgba[o + 3] = 255;
        }

        var pin = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixels = new SKPixmap(info, pin.AddrOfPinnedObject());
            using var data = pixels.Encode(SKPngEncoderOptions.Default);
            return data?.ToArray() ?? throw new InvalidOperationException("The PNG encoder refused the picture.");
        }
        finally
        {
            pin.Free();
        }
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">The file; one of that name is replaced. Its folder must exist.</param>
    /// <param name="parameters">Text of the chunk <c>parameters</c>, where generators say how; null for none.</param>
    public static void WritePng(Picture picture, string path, string? parameters = null)
    {
        var png = Png(picture);
        AtomicFile.Write(path, parameters is null ? png : PngText.Insert(png, "parameters", parameters));
    }
}
