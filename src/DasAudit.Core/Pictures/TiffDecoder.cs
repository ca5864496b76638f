using BitMiracle.LibTiff.Classic;

namespace DasAudit.Core.Pictures;

/// <summary>Decodes the first page of a TIFF file to what Pillow reads from it, 16-bit grey apart.</summary>
internal static class TiffDecoder
{
    public static DecodedFile Decode(byte[] bytes, string name, long pixelLimit)
    {
        try
        {
            return Read(bytes, name, pixelLimit);
        }
        catch (Exception e) when (e is not (AuditException or OutOfMemoryException))
        {
            // LibTiff meets damage with exceptions of any kind.
            throw PictureReader.Damaged(name, PictureFormat.Tiff, "its pixels cannot be decoded", e);
        }
    }

    private static DecodedFile Read(byte[] bytes, string name, long pixelLimit)
    {
        if (!TiffDirectory.Fits(bytes))
            throw PictureReader.Damaged(name, PictureFormat.Tiff, "its directory does not fit into the file");
        using var stream = new MemoryStream(bytes, writable: false);
        var messages = TiffMessages.Listen();
        using var tiff =
            Tiff.ClientOpen(name, "r", messages, new TiffMemory(stream))
            ?? throw PictureReader.Damaged(name, PictureFormat.Tiff, "its header cannot be read");
        var layout = TiffLayout.Of(tiff, name);
        PictureReader.CheckSize(name, layout.Width, layout.Height, pixelLimit);
        var samples = TiffSamples.Read(tiff, layout, name, pixelLimit);
        if (samples is null || messages.Count > 0)
            throw PictureReader.Damaged(name, PictureFormat.Tiff, "its pixels cannot be decoded");
        return new(layout.Width, layout.Height, TiffColours.ToRgba(samples, layout), layout.Origin);
    }
}
