using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DasAudit.Core.Pictures;

/// <summary>Texts in PNG files (PNG specification, third edition, section 11.3.3), as Pillow writes them.</summary>
internal static class PngText
{
    // Signature, and the header chunk: length, type, 13 bytes, checksum.
    private const int HeaderEnd = 8 + 4 + 4 + 13 + 4;

    /// <summary>A PNG file with a text behind its header: tEXt where Latin-1 can write it, else iTXt.</summary>
    /// <param name="keyword">Latin letters, at most 79.</param>
    public static byte[] Insert(byte[] png, string keyword, string text)
    {
        var isLatin = text.All(letter => letter <= 0xFF);
        byte[] chunk = isLatin
            ? Chunk("tEXt", [.. Encoding.Latin1.GetBytes(keyword), 0, .. Encoding.Latin1.GetBytes(text)])
            // Not compressed, no language, no translated keyword.
            : Chunk("iTXt", [.. Encoding.Latin1.GetBytes(keyword), 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
        return [.. png.AsSpan(0, HeaderEnd), .. chunk, .. png.AsSpan(HeaderEnd)];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[4 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.Latin1.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        var checksum = Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), checksum);
        return chunk;
    }
}
