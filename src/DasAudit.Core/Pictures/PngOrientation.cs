using System.Buffers.Binary;
using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>The EXIF orientation of a PNG file (<c>eXIf</c>), which SkiaSharp reads from JPEG and WebP only.</summary>
internal static class PngOrientation
{
    private const int SignatureLength = 8;
    private const int EntryLength = 12;
    private const int OrientationTag = 0x0112;

    /// <summary>The orientation; <see cref="SKEncodedOrigin.TopLeft"/> where the file states none.</summary>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> file)
    {
        var rest = file[SignatureLength..];
        while (rest.Length >= 12)
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
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= EntryLength; i++)
        {
            if (Read16(entries, little) == OrientationTag)
            {
                var origin = Read16(entries[8..], little);
                return origin is >= 1 and <= 8 ? (SKEncodedOrigin)origin : SKEncodedOrigin.TopLeft;
            }

            entries = entries[EntryLength..];
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
