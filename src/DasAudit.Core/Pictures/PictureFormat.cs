using System.Buffers.Binary;

namespace DasAudit.Core.Pictures;

/// <summary>A picture file format, known by its first bytes.</summary>
internal sealed record PictureFormat(string Name)
{
    /// <summary>How many first bytes <see cref="Detect"/> wants to see.</summary>
    public const int SignatureLength = 18;

    /// <summary>The readable formats, in words.</summary>
    public const string ReadableNames = "PNG, JPEG, WebP, GIF, BMP or TIFF";

    public static readonly PictureFormat Png = new("PNG");
    public static readonly PictureFormat Jpeg = new("JPEG");
    public static readonly PictureFormat WebP = new("WebP");
    public static readonly PictureFormat Gif = new("GIF");
    public static readonly PictureFormat Bmp = new("BMP");
    public static readonly PictureFormat Tiff = new("TIFF");

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
            "dib",
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
        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8))
            return WebP;
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
            return Gif;
        if (IsTiff(start))
            return Tiff;
        return IsBmp(start) ? Bmp : null;
    }

    /// <summary>Whether the name ends like that of a picture, readable or not.</summary>
    public static bool LooksLikePicture(string name) => Extensions.Contains(Path.GetExtension(name).TrimStart('.'));

    // Both orders of bytes, and BigTIFF.
    private static bool IsTiff(ReadOnlySpan<byte> start) =>
        start.StartsWith("II*\0"u8)
        || start.StartsWith("MM\0*"u8)
        || start.StartsWith("II+\0"u8)
        || start.StartsWith("MM\0+"u8);

    // Two letters begin many a text; the length of the next header, at byte 14, is one of few.
    private static bool IsBmp(ReadOnlySpan<byte> start) =>
        start.Length >= SignatureLength
        && start.StartsWith("BM"u8)
        && BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124;
}
