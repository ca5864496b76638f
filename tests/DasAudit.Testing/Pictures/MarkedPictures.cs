using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using SkiaSharp;

namespace DasAudit.Testing;

/// <summary>Small pictures with blocks of metadata, put in by the published layouts.</summary>
internal static class MarkedPictures
{
    /// <summary>A JPEG file with segments behind its first marker.</summary>
    public static byte[] Jpeg(int seed, params byte[][] segments)
    {
        var file = Encoded(seed, SKEncodedImageFormat.Jpeg);
        return [.. file.AsSpan(0, 2), .. segments.SelectMany(segment => segment), .. file.AsSpan(2)];
    }

    /// <summary>A PNG file with chunks behind its header.</summary>
    public static byte[] Png(int seed, params byte[][] chunks)
    {
        const int headerEnd = 8 + 12 + 13;
        var file = TestPictures.Png(seed, 16, 16);
        return [.. file.AsSpan(0, headerEnd), .. chunks.SelectMany(chunk => chunk), .. file.AsSpan(headerEnd)];
    }

    /// <summary>A WebP file with chunks at its end.</summary>
    public static byte[] WebP(int seed, params byte[][] chunks)
    {
        byte[] file = [.. Encoded(seed, SKEncodedImageFormat.Webp), .. chunks.SelectMany(chunk => chunk)];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    public static byte[] Segment(byte marker, ReadOnlySpan<byte> data) =>
        [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    public static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        byte[] body = [.. Encoding.Latin1.GetBytes(type), .. data];
        return [.. Big32(data.Length), .. body, .. Big32((int)Crc32.HashToUInt32(body))];
    }

    public static byte[] RiffChunk(string type, ReadOnlySpan<byte> data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        byte[] padding = data.Length % 2 == 0 ? [] : [0];
        return [.. Encoding.Latin1.GetBytes(type), .. length, .. data, .. padding];
    }

    /// <summary>An XMP packet with properties of the usual namespaces.</summary>
    public static string Xmp(string properties) =>
        $"""
            <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
              xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
              xmlns:cc="http://creativecommons.org/ns#">{properties}</rdf:Description>
            </rdf:RDF></x:xmpmeta><?xpacket end="w"?>
            """;

    /// <summary>A text in the default language.</summary>
    public static string Localized(string name, string text) =>
        $"<{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{text}</rdf:li></rdf:Alt></{name}>";

    public static byte[] XmpSegment(string properties) =>
        Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(Xmp(properties))]);

    public static byte[] XmpChunk(string properties) =>
        Chunk("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Encoding.UTF8.GetBytes(Xmp(properties))]);

    /// <summary>EXIF with a copyright notice, for a segment APP1 behind its mark, or for other formats.</summary>
    public static byte[] Exif(string copyright)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(copyright), 0];
        byte[] entry = [0x82, 0x98, 0, 2, .. Big32(text.Length), .. Big32(8 + 2 + 12 + 4)];
        return [.. "MM\0*"u8, .. Big32(8), 0, 1, .. entry, .. Big32(0), .. text];
    }

    public static byte[] ExifSegment(string copyright) => Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(copyright)]);

    /// <summary>IPTC-IIM in Photoshop's resource 0x0404.</summary>
    public static byte[] IptcSegment(byte dataset, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        byte[] records = [0x1C, 2, dataset, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
        return Segment(0xED, [.. "Photoshop 3.0\08BIM"u8, 0x04, 0x04, 0, 0, .. Big32(records.Length), .. records]);
    }

    public static byte[] Big32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Encoded(int seed, SKEncodedImageFormat format)
    {
        var picture = TestPictures.Pattern(seed, 16, 16);
        using var bitmap = new SKBitmap(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var i = 0; i < picture.Width * picture.Height; i++)
            bitmap.SetPixel(
                i % picture.Width,
                i / picture.Width,
                new(picture.Rgb[i * 3], picture.Rgb[i * 3 + 1], picture.Rgb[i * 3 + 2])
            );
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
