using System.Buffers.Binary;

namespace DasAudit.Core.Pictures;

/// <summary>Finds JPEG files that end between scans: a decoder takes what there is of them for a whole, coarser picture.</summary>
internal static class JpegScans
{
    /// <summary>Whether the picture comes in several scans and the file ends before the end-of-image marker.</summary>
    public static bool EndTooEarly(ReadOnlySpan<byte> file)
    {
        var (severalScans, components) = (false, 0);
        for (var at = 2; at + 4 <= file.Length; )
        {
            if (file[at] != 0xff || file[at + 1] is 0 or 0xff or (>= 0xd0 and <= 0xd7))
            {
                at++; // compressed data, stuffing, restart markers
                continue;
            }

            var marker = file[at + 1];
            var body = file[(at + 4)..];
            if (marker == 0xd9)
                return false;
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc) && body.Length > 5)
                (severalScans, components) = (marker is 0xc2 or 0xc6 or 0xca or 0xce, body[5]);
            if (marker == 0xda && body.Length > 0)
                severalScans |= body[0] < components;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return severalScans && !file.EndsWith((ReadOnlySpan<byte>)[0xff, 0xd9]);
    }
}
