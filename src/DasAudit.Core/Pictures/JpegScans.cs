using System.Buffers.Binary;

namespace DasAudit.Core.Pictures;

/// <summary>Finds JPEG files that end between scans: a decoder takes them for whole, coarser pictures.</summary>
internal static class JpegScans
{
    private const byte MarkerPrefix = 0xff;
    private const byte EndOfImage = 0xd9;
    private const byte StartOfScan = 0xda;

    /// <summary>Whether the picture comes in several scans and the file ends before the end-of-image marker.</summary>
    public static bool EndTooEarly(ReadOnlySpan<byte> file)
    {
        var hasSeveralScans = false;
        var components = 0;
        var at = 2;
        while (at + 4 <= file.Length)
        {
            if (file[at] != MarkerPrefix || !StartsSegment(file[at + 1]))
            {
                at++;
                continue;
            }

            var marker = file[at + 1];
            var segment = file[(at + 4)..];
            if (marker == EndOfImage)
                return false;
            if (IsFrame(marker) && segment.Length > 5)
            {
                hasSeveralScans = IsProgressive(marker);
                components = segment[5];
            }

            if (marker == StartOfScan && segment.Length > 0)
                hasSeveralScans |= segment[0] < components;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return hasSeveralScans && !file.EndsWith((ReadOnlySpan<byte>)[MarkerPrefix, EndOfImage]);
    }

    /// <summary>Not so the bytes after 0xff within compressed data: stuffing, filling, restart markers.</summary>
    private static bool StartsSegment(byte marker) => marker is not (0 or MarkerPrefix or (>= 0xd0 and <= 0xd7));

    /// <summary>SOF0 … SOF15; the three codes between them mean tables and an extension.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc);

    private static bool IsProgressive(byte marker) => marker is 0xc2 or 0xc6 or 0xca or 0xce;
}
