using System.Buffers.Binary;
using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>The EXIF orientation of a PNG file (its <c>eXIf</c> chunk), which SkiaSharp reads from JPEG and WebP only.</summary>
internal static class PngOrientation
{
    private const int SignatureLength = 8;
    private const int Tag = 0x0112;

    /// <summary>The orientation; <see cref="SKEncodedOrigin.TopLeft"/> where the file states none.</summary>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> file)
    {
        for (var rest = file[SignatureLength..]; rest.Length >= 12; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > (uint)rest.Length - 12)
                break;
            if (rest.Slice(4, 4).SequenceEqual("eXIf"u8))
                return OfExif(rest.Slice(8, (int)length));
            rest = rest[(12 + (int)length)..];
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static SKEncodedOrigin OfExif(ReadOnlySpan<byte> exif)
    {
        if (exif.Length < 8)
            return SKEncodedOrigin.TopLeft;
        var little = exif[0] == 'I';
        var directory = Read32(exif[4..], little);
        if (directory > (uint)exif.Length - 2)
            return SKEncodedOrigin.TopLeft;
        var entries = exif[(int)directory..];
        var count = Read16(entries, little);
        for (entries = entries[2..]; count-- > 0 && entries.Length >= 12; entries = entries[12..])
            if (Read16(entries, little) == Tag)
                return Read16(entries[8..], little) is >= 1 and <= 8 and var origin
                    ? (SKEncodedOrigin)origin
                    : SKEncodedOrigin.TopLeft;
        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
