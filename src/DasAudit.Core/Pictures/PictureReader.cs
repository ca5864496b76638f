namespace DasAudit.Core.Pictures;

/// <summary>
/// Decodes PNG, JPEG, WebP, GIF, BMP and TIFF, recognised by their bytes and not by their names. Colours are the file's
/// own numbers: an embedded colour profile is not applied, 16-bit samples keep their high byte, CMYK is converted, of
/// several frames or pages the first is read, and the EXIF orientation is applied.
/// </summary>
internal static class PictureReader
{
    /// <summary>Default limit on columns × rows: 64 megapixels.</summary>
    public const long DefaultPixelLimit = 64_000_000;

    /// <summary>Reads, hashes and decodes a picture file, which messages call by name or else by path.</summary>
    /// <param name="pixelLimit">Largest columns × rows, checked before anything is decoded.</param>
    /// <param name="background">What shows where it is transparent; null for white.</param>
    public static HashedPicture Read(
        string path,
        string? name = null,
        long pixelLimit = DefaultPixelLimit,
        PictureBackground? background = null
    )
    {
        name ??= path;
        var bytes = ReadBytes(path, name, pixelLimit);
        return HashedPicture.Of(Decode(bytes, name, pixelLimit, background), bytes);
    }

    /// <summary>Decodes the bytes of a picture file.</summary>
    /// <inheritdoc cref="Read"/>
    public static Picture Decode(
        byte[] bytes,
        string name,
        long pixelLimit = DefaultPixelLimit,
        PictureBackground? background = null
    )
    {
        var format = PictureFormat.Detect(bytes) ?? throw UnreadableContents.Refusal(name, bytes);
        var file =
            format == PictureFormat.Tiff
                ? TiffDecoder.Decode(bytes, name, pixelLimit)
                : SkiaDecoder.Decode(bytes, format, name, pixelLimit);
        var rgb = Compositing.On(background ?? PictureBackground.White, file.Rgba, out var composited);
        return Orientation.Apply(new Picture(file.Width, file.Height, rgb, composited), file.Origin);
    }

    /// <summary>Most bytes that a file may have: a picture within the limit needs no more.</summary>
    /// <remarks>Four uncompressed 16-bit samples a pixel, and 16 MiB of metadata.</remarks>
    public static long LengthLimit(long pixelLimit) => 8 * pixelLimit + (1 << 24);

    /// <summary>Refuses a picture by its size.</summary>
    public static void CheckSize(string name, int width, int height, long pixelLimit)
    {
        if ((long)width * height > pixelLimit)
            throw new AuditException(
                $"'{name}' measures {width}×{height}, more than the limit of {pixelLimit} pixels; "
                    + "shrink it or leave it out."
            );
    }

    /// <summary>Refuses a file by its length.</summary>
    public static void CheckLength(string name, long length, long pixelLimit)
    {
        if (length == 0)
            throw new AuditException($"'{name}' is empty; give a picture file.");
        if (length > LengthLimit(pixelLimit))
            throw new AuditException(
                $"'{name}' holds {length} bytes, too many for a picture of {pixelLimit} pixels; "
                    + "shrink it or leave it out."
            );
    }

    public static AuditException Damaged(string name, PictureFormat format, string how, Exception? inner = null) =>
        new($"'{name}' is a damaged {format.Name} picture: {how}; replace or remove it.", inner);

    /// <summary>The bytes of a picture file, if they are not too many.</summary>
    public static byte[] ReadBytes(string path, string name, long pixelLimit)
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
            // The length comes first: reading from a pipe or a device (length 0) might never end.
            CheckLength(name, file.Length, pixelLimit);
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"'{name}' cannot be read ({e.Message}); check the file and its permissions.", e);
        }
    }
}
