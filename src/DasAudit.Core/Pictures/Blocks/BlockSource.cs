using System.Buffers.Binary;

namespace DasAudit.Core.Pictures.Blocks;

/// <summary>A picture file that is read in steps, and never further than it goes.</summary>
/// <param name="file">Seekable.</param>
internal sealed class BlockSource(Stream file)
{
    private readonly long _length = file.Length;

    /// <summary>Where reading goes on; the end of the file for a place beyond it.</summary>
    public long Position
    {
        get => file.Position;
        set => file.Position = Math.Min(value, _length);
    }

    /// <summary>Bytes behind the position.</summary>
    public long Left => _length - file.Position;

    /// <summary>Fills a span; false if the file ends before.</summary>
    public bool TryRead(Span<byte> bytes) =>
        file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

    /// <summary>The next bytes, which are there.</summary>
    /// <exception cref="EndOfStreamException">The file has become shorter.</exception>
    public byte[] Read(int length)
    {
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A chunk's first eight bytes: length and type, in the order of the format.</summary>
    public bool TryReadChunk(bool lengthFirst, out uint length, out uint type)
    {
        Span<byte> head = stackalloc byte[8];
        var isThere = TryRead(head);
        length = lengthFirst
            ? BinaryPrimitives.ReadUInt32BigEndian(head)
            : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        type = BinaryPrimitives.ReadUInt32BigEndian(lengthFirst ? head[4..] : head);
        return isThere;
    }

    /// <summary>A chunk's type as a number.</summary>
    public static uint Type(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);
}
