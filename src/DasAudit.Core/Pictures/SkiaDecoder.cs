using System.Runtime.InteropServices;
using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>Decodes PNG, JPEG, WebP, GIF and BMP.</summary>
internal static class SkiaDecoder
{
    /// <param name="pixelLimit">Largest columns × rows, checked before anything is decoded.</param>
    public static DecodedFile Decode(byte[] bytes, PictureFormat format, string name, long pixelLimit)
    {
        var file = DecodeOnce(bytes, format, name, pixelLimit);
        // Skia shows no colour where a GIF is transparent, though one is stored.
        if (format == PictureFormat.Gif && GifTransparency.Remove(bytes) is { } opaque)
            TakeColours(DecodeOnce(opaque, format, name, pixelLimit).Rgba, file.Rgba);
        return file;
    }

    private static DecodedFile DecodeOnce(byte[] bytes, PictureFormat format, string name, long pixelLimit)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec =
            SKCodec.Create(data) ?? throw PictureReader.Damaged(name, format, "its header cannot be read");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        PictureReader.CheckSize(name, width, height, pixelLimit);
        var result = DecodePixels(codec, out var rgba);
        var endsTooEarly = format == PictureFormat.Jpeg && JpegScans.EndTooEarly(bytes);
        if (result == SKCodecResult.IncompleteInput || endsTooEarly)
            throw PictureReader.Damaged(name, format, "it ends too early");
        if (result != SKCodecResult.Success)
            throw PictureReader.Damaged(name, format, "its pixels cannot be decoded");
        var origin = format == PictureFormat.Png ? PngOrientation.Of(bytes) : codec.EncodedOrigin;
        return new(width, height, rgba, origin);
    }

    private static void TakeColours(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (var i = 0; i < target.Length; i += 4)
            source.Slice(i, 3).CopyTo(target[i..]);
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
}
