using System.Buffers.Binary;
using System.IO.Compression;

namespace DasAudit.Core.Pictures;

/// <summary>How large the compressed chunks of a PNG file beside its pixels become: zTXt, iTXt and iCCP.</summary>
internal static class PngInflation
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private const int ChunkFrame = 12;

    /// <summary>Whether one of them becomes larger than a limit, so that a small file would fill the memory.</summary>
    /// <param name="file">Any bytes; false for what is no PNG file, or is cut short.</param>
    /// <param name="limit">Bytes.</param>
    public static bool Exceeds(ReadOnlyMemory<byte> file, long limit)
    {
        if (!file.Span.StartsWith(Signature))
            return false;
        var chunks = file[Signature.Length..];
        while (chunks.Length >= ChunkFrame)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunks.Span);
            if (length > (uint)chunks.Length - ChunkFrame)
                return false;
            var data = chunks.Slice(8, (int)length);
            if (
                Compressed(chunks.Span.Slice(4, 4), data) is { } compressed
                && Exceeds(compressed, limit, new byte[1 << 16])
            )
                return true;
            chunks = chunks[(ChunkFrame + (int)length)..];
        }

        return false;
    }

    // What follows the keyword: the method; in iTXt a flag before it, and language and translated keyword behind it.
    private static ReadOnlyMemory<byte>? Compressed(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data)
    {
        var keyword = data.Span.IndexOf((byte)0);
        if (keyword < 0)
            return null;
        var behind = data[(keyword + 1)..];
        if (type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iCCP"u8))
            return behind.Length > 1 ? behind[1..] : null;
        if (!type.SequenceEqual("iTXt"u8) || behind.Length < 2 || behind.Span[0] != 1)
            return null;
        behind = behind[2..];
        for (var i = 0; i < 2; i++)
        {
            var end = behind.Span.IndexOf((byte)0);
            if (end < 0)
                return null;
            behind = behind[(end + 1)..];
        }

        return behind;
    }

    private static bool Exceeds(ReadOnlyMemory<byte> compressed, long limit, byte[] buffer)
    {
        try
        {
            using var source = new MemoryStream(compressed.ToArray());
            using var inflated = new ZLibStream(source, CompressionMode.Decompress);
            for (long total = 0, read; (read = inflated.Read(buffer)) > 0; )
            {
                total += read;
                if (total > limit)
                    return true;
            }
        }
        catch (InvalidDataException)
        {
            // Whoever reads the chunk meets the damage too, and says so.
        }

        return false;
    }
}
