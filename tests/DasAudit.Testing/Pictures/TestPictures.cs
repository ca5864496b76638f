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

    /// <summary>Writes pictures of 8×8, named <c>p0.png</c>, <c>p1.png</c> … after their seeds.</summary>
    public static void WritePictures(this TempFolder folder, string name, int first, int count)
    {
        for (var i = first; i < first + count; i++)
            folder.Write($"{name}/p{i}.png", Png(i, 8, 8));
    }
}
