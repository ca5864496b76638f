using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using SkiaSharp;

namespace DasAudit.Core.Tests.Pictures.Generation;

/// <summary>Picture files with texts in them, written byte by byte as the formats have them.</summary>
internal static class TextFiles
{
    private const int PngHeaderEnd = 33;

    /// <summary>A PNG file of a path with a text <c>parameters</c>.</summary>
    public static byte[] With(string path, string parameters)
    {
        var png = File.ReadAllBytes(path);
        var chunk = Chunk("tEXt", [.. Latin("parameters"), 0, .. Latin(parameters)]);
        return [.. png.AsSpan(0, PngHeaderEnd), .. chunk, .. png.AsSpan(PngHeaderEnd)];
    }

    /// <summary>A PNG file with Latin-1 texts.</summary>
    public static byte[] Png(params (string Key, string Text)[] texts) =>
        WithChunks(texts.Select(text => Chunk("tEXt", [.. Latin(text.Key), 0, .. Latin(text.Text)])));

    /// <summary>A PNG file with a UTF-8 text.</summary>
    public static byte[] International(string key, string text) =>
        WithChunks([Chunk("iTXt", [.. Latin(key), 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)])]);

    /// <summary>A PNG file with a compressed text.</summary>
    public static byte[] Compressed(string key, string text)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(Latin(text));
        return WithChunks([Chunk("zTXt", [.. Latin(key), 0, 0, .. bytes.ToArray()])]);
    }

    /// <summary>A JPEG file with an EXIF user comment.</summary>
    public static byte[] Jpeg(byte[] userComment)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Exif(userComment)];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + 2));
        var jpeg = Encoded(SKEncodedImageFormat.Jpeg);
        return [.. jpeg.AsSpan(0, 2), 0xff, 0xe1, .. length, .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>A WebP file with an EXIF user comment.</summary>
    public static byte[] WebP(byte[] userComment)
    {
        var exif = Exif(userComment);
        var header = new byte[8];
        "EXIF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), exif.Length);
        byte[] padding = exif.Length % 2 == 0 ? [] : [0];
        byte[] webP = [.. Encoded(SKEncodedImageFormat.Webp), .. header, .. exif, .. padding];
        BinaryPrimitives.WriteInt32LittleEndian(webP.AsSpan(4), webP.Length - 8);
        return webP;
    }

    /// <summary>A user comment in UTF-16, as piexif writes it.</summary>
    public static byte[] Comment(string text) => [.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes(text)];

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] WithChunks(IEnumerable<byte[]> chunks)
    {
        var png = TestPictures.Png();
        return [.. png.AsSpan(0, PngHeaderEnd), .. chunks.SelectMany(chunk => chunk), .. png.AsSpan(PngHeaderEnd)];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Latin(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        var checksum = Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), checksum);
        return chunk;
    }

    // A TIFF header, a directory that points to the EXIF directory, and that with one entry.
    private static byte[] Exif(byte[] userComment)
    {
        byte[] start =
        [
            .. "MM\0*"u8,
            .. Big(8),
            .. (ReadOnlySpan<byte>)[0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1],
            .. Big(26),
            .. Big(0),
            .. (ReadOnlySpan<byte>)[0, 1, 0x92, 0x86, 0, 7],
            .. Big(userComment.Length),
            .. Big(44),
            .. Big(0),
        ];
        return [.. start, .. userComment];
    }

    private static byte[] Big(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Encoded(SKEncodedImageFormat format)
    {
        using var bitmap = SKBitmap.Decode(TestPictures.Png(1, 16, 16));
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
