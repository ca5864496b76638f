using System.Buffers.Binary;

namespace DasAudit.Core.Pictures.Blocks;

/// <summary>Tags of the first directory of TIFF, which EXIF is too: artist, copyright, XMP and IPTC.</summary>
/// <remarks>BigTIFF is not read.</remarks>
internal static class TiffBlocks
{
    private const int EntryLength = 12;
    private const int InlineBytes = 4;

    private static readonly (ushort Tag, BlockKind Kind, string Name)[] Wanted =
    [
        (315, BlockKind.Text, "EXIF Artist"),
        (700, BlockKind.Xmp, "XMP"),
        (33432, BlockKind.Text, "EXIF Copyright"),
        (33723, BlockKind.Iptc, "IPTC"),
    ];

    public static void Read(BlockSource file, BlockList blocks)
    {
        Span<byte> header = stackalloc byte[8];
        file.Position = 0;
        if (!file.TryRead(header) || header[2] + header[3] != '*')
            return;
        var isLittle = header[0] == 'I';
        file.Position = Read32(header[4..], isLittle);
        Span<byte> count = stackalloc byte[2];
        if (!file.TryRead(count))
            return;
        var entries = new byte[(int)Math.Min(Read16(count, isLittle) * EntryLength, file.Left)];
        file.TryRead(entries);
        for (var rest = entries.AsSpan(); rest.Length >= EntryLength; rest = rest[EntryLength..])
            ReadEntry(file, blocks, rest[..EntryLength], isLittle);
    }

    private static void ReadEntry(BlockSource file, BlockList blocks, ReadOnlySpan<byte> entry, bool isLittle)
    {
        var tag = Read16(entry, isLittle);
        var (_, kind, name) = Array.Find(Wanted, wanted => wanted.Tag == tag);
        if (name is null)
            return;
        var length = Read32(entry[4..], isLittle) * (long)TiffDirectory.TypeSize(Read16(entry[2..], isLittle));
        if (length <= InlineBytes)
        {
            blocks.Add(kind, name, entry.Slice(8, (int)length).ToArray());
            return;
        }

        file.Position = Read32(entry[8..], isLittle);
        if (blocks.Take(file, kind, name, length) is { } bytes)
            blocks.Add(kind, name, bytes);
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
