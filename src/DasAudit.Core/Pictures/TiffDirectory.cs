using System.Buffers.Binary;

namespace DasAudit.Core.Pictures;

/// <summary>The first directory of a TIFF or BigTIFF file, as far as it says how much there is to read.</summary>
internal static class TiffDirectory
{
    private const int BigVersion = 43;

    /// <summary>
    /// Whether the values of each tag fit into the file. LibTiff takes memory for as many as a tag says that it has.
    /// </summary>
    public static bool Fits(ReadOnlySpan<byte> file)
    {
        var isLittle = file[0] == 'I';
        var isBig = Number(file.Slice(2, 2), isLittle) == BigVersion;
        var (numberLength, entryLength, countLength) = isBig ? (8, 20, 8) : (4, 12, 2);
        var start = Number(file.Slice(isBig ? 8 : 4, numberLength), isLittle);
        if (start > (ulong)(file.Length - countLength))
            return false;
        var entries = file[((int)start + countLength)..];
        var count = Number(file.Slice((int)start, countLength), isLittle);
        for (ulong entry = 0; entry < count && entries.Length >= entryLength; entry++)
        {
            var size = (ulong)TypeSize((ushort)Number(entries.Slice(2, 2), isLittle));
            if (Number(entries.Slice(4, numberLength), isLittle) > (ulong)file.Length / size)
                return false;
            entries = entries[entryLength..];
        }

        return true;
    }

    /// <summary>Bytes of a value of a type; 1 for types that are not known.</summary>
    public static int TypeSize(ushort type) =>
        type switch
        {
            3 or 8 => 2,
            4 or 9 or 11 or 13 => 4,
            5 or 10 or 12 or 16 or 17 or 18 => 8,
            _ => 1,
        };

    private static ulong Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        bytes.Length switch
        {
            2 when isLittle => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 when isLittle => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ when isLittle => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
}
