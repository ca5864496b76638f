namespace DasAudit.Core.Pictures;

/// <summary>A picture file format, known by its first bytes.</summary>
internal sealed record PictureFormat(string Name)
{
    /// <summary>How many first bytes <see cref="Detect"/> wants to see.</summary>
    public const int SignatureLength = 12;

    public static readonly PictureFormat Png = new("PNG");
    public static readonly PictureFormat Jpeg = new("JPEG");
    public static readonly PictureFormat WebP = new("WebP");

    private static readonly HashSet<string> Extensions = new(
        [
            "png",
            "apng",
            "jpg",
            "jpeg",
            "jpe",
            "jfif",
            "webp",
            "gif",
            "bmp",
            "tif",
            "tiff",
            "avif",
            "heic",
            "heif",
            "jxl",
            "jp2",
            "tga",
            "ico",
            "psd",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The readable format that the bytes begin like; null for none.</summary>
    public static PictureFormat? Detect(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
            return Png;
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]))
            return Jpeg;
        return start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? WebP : null;
    }

    /// <summary>Whether the name ends like that of a picture, readable or not.</summary>
    public static bool LooksLikePicture(string name) => Extensions.Contains(Path.GetExtension(name).TrimStart('.'));
}
