using DasAudit.Core.Pictures;

namespace DasAudit.Testing;

/// <summary>Pictures made for tests.</summary>
internal static class TestPictures
{
    /// <summary>Every pixel different, every seed different.</summary>
    public static Picture Pattern(int seed = 0, int width = 6, int height = 5)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)((i * 37 + i / 3 * 11 + seed * 61) % 256);
        return new Picture(width, height, rgb);
    }

    public static byte[] Png(int seed = 0, int width = 6, int height = 5) =>
        PictureWriter.Png(Pattern(seed, width, height));
}
