using System.Buffers.Binary;

namespace DasAudit.Evidence.Store;

/// <summary>
/// The first 32 bytes of a LiteDB page, little-endian: page id (0–3), type (4), previous and next page (5–12),
/// free-list slot (13), transaction (14–17), confirmed (18), collection page (19–22), items (23), used bytes (24–25),
/// fragmented bytes (26–27), next free position (28–29), highest slot (30). LiteDB's pages carry no checksum, and a
/// wrong header makes it write over other pages.
/// </summary>
internal static class PageHeader
{
    internal const int PageSize = 8192;
    internal const int Length = 32;
    private const uint None = uint.MaxValue;

    /// <summary>Whether the header can be that of page <paramref name="id"/> in a file of so many pages.</summary>
    internal static bool IsSound(ReadOnlySpan<byte> header, long id, long pages)
    {
        var type = header[4];
        if (UInt32(header, 0) != id || type > 4 || (type == 1) != (id == 0))
            return false;
        if (type is not (3 or 4))
            return true;

        var items = header[23];
        var used = UInt16(header, 24);
        var fragmented = UInt16(header, 26);
        var next = UInt16(header, 28);
        var slots = (byte)(header[30] + 1);
        return IsPage(UInt32(header, 5), pages)
            && IsPage(UInt32(header, 9), pages)
            && IsPage(UInt32(header, 19), pages)
            && items <= slots
            && Length + used + fragmented == next
            && next + 4 * slots <= PageSize;
    }

    private static bool IsPage(uint id, long pages) => id == None || id < pages;

    private static uint UInt32(ReadOnlySpan<byte> header, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[at..]);

    private static ushort UInt16(ReadOnlySpan<byte> header, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);
}
