using System.Runtime.InteropServices;
using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>
/// Decodes PNG, JPEG and WebP, recognised by their bytes and not by their names. Colours are the file's own numbers: an
/// embedded colour profile is not applied, 16-bit samples keep their high byte, CMYK is converted, of an animation the
/// first frame is read, and the EXIF orientation is applied.
/// </summary>
internal static class PictureReader
{
    /// <summary>Default limit on columns × rows: 64 megapixels.</summary>
    public const long DefaultPixelLimit = 64_000_000;

    /// <summary>Reads, hashes and decodes a picture file, which messages call by name or else by path.</summary>
    /// <param name="pixelLimit">Largest columns × rows, checked before anything is decoded.</param>
    public static HashedPicture Read(string path, string? name = null, long pixelLimit = DefaultPixelLimit)
    {
        name ??= path;
        var bytes = ReadBytes(path, name, pixelLimit);
        return HashedPicture.Of(Decode(bytes, name, pixelLimit), bytes);
    }

    public static Picture Decode(byte[] bytes, string name, long pixelLimit = DefaultPixelLimit)
    {
        var format =
            PictureFormat.Detect(bytes)
            ?? throw new AuditException($"'{name}' is no PNG, JPEG or WebP picture; give a picture file.");
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw Damaged(name, format, "its header cannot be read");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > pixelLimit)
            throw new AuditException(
                $"'{name}' measures {width}×{height}, more than the limit of {pixelLimit} pixels; "
                    + "shrink it or leave it out."
            );

        var result = DecodePixels(codec, out var rgba);
        var endsTooEarly = format == PictureFormat.Jpeg && JpegScans.EndTooEarly(bytes);
        if (result == SKCodecResult.IncompleteInput || endsTooEarly)
            throw Damaged(name, format, "it ends too early");
        if (result != SKCodecResult.Success)
            throw Damaged(name, format, "its pixels cannot be decoded");
        var rgb = Compositing.OnWhite(rgba, out var composited);
        var origin = format == PictureFormat.Png ? PngOrientation.Of(bytes) : codec.EncodedOrigin;
        return Orientation.Apply(new Picture(width, height, rgb, composited), origin);
    }

    private static SKCodecResult DecodePixels(SKCodec codec, out byte[] rgba)
    {
        // Unpremultiplied: compositing must start from the file's own colours, and premultiplying rounds them first.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        rgba = new byte[checked(info.BytesSize)];
        var pin = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            return codec.GetPixels(info, pin.AddrOfPinnedObject());
        }
        finally
        {
            pin.Free();
        }
    }

    private static byte[] ReadBytes(string path, string name, long pixelLimit)
    {
        try
        {
            if (Directory.Exists(path))
                throw new AuditException($"'{name}' is a folder; give a picture file.");
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new AuditException($"'{name}' is not there; give a picture file.");
            if (file.LinkTarget is not null)
                file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            // The length comes first: reading from a pipe or a device (length 0) might never end, and a picture within
            // the limit never needs more than 8 bytes a pixel (four 16-bit samples, uncompressed) and its metadata.
            if (file.Length == 0)
                throw new AuditException($"'{name}' is empty; give a picture file.");
            if (file.Length > 8 * pixelLimit + (1 << 24))
                throw new AuditException(
                    $"'{name}' holds {file.Length} bytes, too many for a picture of {pixelLimit} pixels; "
                        + "shrink it or leave it out."
                );
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"'{name}' cannot be read ({e.Message}); check the file and its permissions.", e);
        }
    }

    private static AuditException Damaged(string name, PictureFormat format, string how) =>
        new($"'{name}' is a damaged {format.Name} picture: {how}; replace or remove it.");
}
